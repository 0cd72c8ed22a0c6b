using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;

namespace RadTex.Testing;

/// <summary>An encoder made of a handful of nodes, without torch: it sees brightness. And a classifier on it.</summary>
internal static class DrawnEncoder
{
    internal const int Side = 64, Features = 6;

    /// <summary>Writes a classifier of two findings: the first has an operating point, the second has none.</summary>
    /// <param name="path">Ends in .onnx.</param>
    /// <param name="bias">Of the first head: another one makes another classifier.</param>
    /// <param name="quantisation">What its notes say of its type; null for float32.</param>
    /// <param name="fitted">The recalibration of both heads; null for none.</param>
    internal static string WriteClassifier(string path, double bias = 0.1, string? quantisation = null, HeadRecalibration? fitted = null)
    {
        var encoder = path + ".encoder";
        Write(encoder, quantisation);
        IReadOnlyList<HeadRecalibration>? changes = fitted is null ? null : [fitted];
        HeadThreshold? second = fitted is null ? null : new(0.5, HeadThreshold.YoudenRule, 20, 20);
        double[] weights = [1.5, -0.7, 0.4, 2.1, -1.2, 0.3];
        ClassifierModel.Write(encoder, path,
        [
            new("Edema/n40/trial0/logistic", "Edema", 40, 0, HeadKind.Logistic, new(2, Features, weights, [bias]),
                new(0.25, HeadThreshold.YoudenRule, 20, 20), Recalibrations: changes),
            new("Cardiomegaly/n40/trial0/logistic", "Cardiomegaly", 40, 0, HeadKind.Logistic, new(2, Features, [.. weights.Reverse()], [-0.4]),
                second, Recalibrations: changes),
        ]);
        File.Delete(encoder);
        return path;
    }

    internal static void Write(string path, string? quantisation = null)
    {
        var card = new EncoderCard(
            "test-encoder", 1, 1, Side, IntensityScaling.Max.Name(), "MONOCHROME2", Features, "drawn for a test", true, new string('a', 64),
            ImageIntensity.Display.Name(), Side);
        var model = Model("test-encoder");
        model.Graph.Input.Add(Batch(ModelTensors.Image, 1, Side, Side));
        var graph = new GraphBuilder(model.Graph);
        var random = new CounterRandom(5);
        // Means of patches, and what of them lies above some levels.
        float[] weights = [.. Enumerable.Range(0, Features * 64).Select(_ => (1 + 0.2f * (float)random.Uniform()) / 64)];
        var kernel = graph.Constant<float>("kernel", weights, Features, 1, 8, 8);
        var bias = graph.Constant<float>("bias", [.. Enumerable.Range(0, Features).Select(f => -0.35f - 0.06f * f)], Features);
        var patches = graph.Node(
            "Conv", "patches", [ModelTensors.Image, kernel, bias], Attribute("strides", 8L, 8L), Attribute("kernel_shape", 8L, 8L));
        var map = graph.Node("Relu", "map", [patches]);
        graph.Node("Flatten", ModelTensors.Features, [graph.Node("GlobalAveragePool", "avgpool", [map])], Attribute("axis", 1L));
        model.Graph.Output.Add(Batch(ModelTensors.Features, Features));
        (ModelNotes.Of(card, SeenRadiographs.Nothing, []) with { Quantisation = quantisation }).AddTo(model);
        ModelFile.Write(model, path);
    }
}
