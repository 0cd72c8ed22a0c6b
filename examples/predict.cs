#:package RadTex@0.2.0
#:property PublishAot=false
// What an exported classifier says of pictures: dotnet run predict.cs MODEL.onnx PICTURE...
using RadTex.Prediction;

using var model = OnnxRadiographModel.Open(args[0]);
foreach (var picture in Predictions.Run(model, args[1..]).Pictures)
    Console.WriteLine(picture.Probabilities is { } probabilities
        ? $"{picture.Name}: {string.Join(", ", model.Notes.Outputs.Select((output, i) => $"{output.Label} {probabilities[i]:0.000}"))}"
        : $"{picture.Name}: not judged: {picture.Refusal!.Reason}");
