using System.Globalization;
using RadTex.Heads;
using RadTex.Inspection;

namespace RadTex.Prediction.Onnx;

/// <summary>An exported model with one head recalibrated: intercept + slope logit stands before that head's sigmoid.</summary>
public static class RecalibratedModel
{
    /// <summary>Writes the model.</summary>
    /// <param name="path">The model as it was.</param>
    /// <param name="output">The new file.</param>
    /// <param name="column">The head's place among the outputs.</param>
    /// <param name="change">What is done to its logits.</param>
    /// <param name="threshold">Its threshold from now on.</param>
    /// <param name="seen">What it was fitted on.</param>
    /// <exception cref="UserErrorException">The file is none of ours.</exception>
    public static void Write(string path, string output, int column, HeadRecalibration change, HeadThreshold? threshold, SeenRadiographs seen)
    {
        if (!output.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) throw new UserErrorException(
            $"{output}: the recalibrated model is ONNX as its parent. Give a name that ends in .onnx.");
        var (model, notes) = ModelFile.Read(path);
        // The heads' probabilities are joined in the order of the outputs.
        var heads = notes.Outputs.GroupBy(o => (o.Label, o.Head)).Select(g => g.Count()).ToArray();
        int head = 0;
        for (int passed = 0; passed < column; head++) passed += heads[head];
        var last = model.Graph.Node.FirstOrDefault(n => n.Output.Contains(ModelTensors.Probabilities));
        var sigmoid = last is null || last.Input.Count != heads.Length ? null
            : model.Graph.Node.FirstOrDefault(n => n.OpType == "Sigmoid" && n.Output.Contains(last.Input[head]));
        if (sigmoid is null) throw new UserErrorException(
            $"{path} has no head of two classes of its own at output {column}. Expected one network, no ensemble and no grades.");
        int at = model.Graph.Node.IndexOf(sigmoid), times = notes.Outputs[column].Recalibrations?.Count ?? 0;
        var name = string.Create(CultureInfo.InvariantCulture, $"head{head}.recalibration{times}");
        // Nodes stand in the order they are computed.
        var added = new GraphProto();
        var builder = new GraphBuilder(added);
        var stretched = builder.Node(
            "Mul", $"{name}.stretched", [sigmoid.Input[0], builder.Constant<float>($"{name}.slope", [(float)change.Slope], 1)]);
        sigmoid.Input[0] = builder.Node(
            "Add", $"{name}.logits", [stretched, builder.Constant<float>($"{name}.intercept", [(float)change.Intercept], 1)]);
        for (int i = 0; i < added.Node.Count; i++) model.Graph.Node.Insert(at + i, added.Node[i]);
        model.Graph.Initializer.AddRange(added.Initializer);
        var outputs = notes.Outputs.ToArray();
        outputs[column] = outputs[column] with { Threshold = threshold, Recalibrations = [.. outputs[column].Recalibrations ?? [], change] };
        (notes with { Outputs = outputs, Seen = notes.Seen.With(seen) }).AddTo(model);
        ModelFile.Write(model, output);
    }
}
