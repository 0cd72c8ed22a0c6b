#:package RadTex.Learning@0.2.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false
// An encoder that learns from reports, ten updates of it: dotnet run train.cs DATASET RUN
using RadTex.Learning.Pretraining;

var configuration = ConfigurationReader.Read("phantom", assignments: ["training.max_steps=10", "training.batch_size=8"]);
var result = PretrainingProgram.Run(new PretrainingOptions(args[0], args[1], configuration), Console.WriteLine);
Console.WriteLine($"{result.Steps} updates; the encoder is in {result.EncoderFolder}");
foreach (var (name, value) in result.Validation) Console.WriteLine($"{name}: {value:0.000} nats per token");
