using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Inspection;

namespace RadTex.Heads;

/// <summary>Heads of a transfer with one of them recalibrated, as a folder of the same form: intercept and slope are folded into its
/// weights.</summary>
public static class RecalibratedHeads
{
    /// <summary>Writes the folder.</summary>
    /// <param name="folder">The heads as they were.</param>
    /// <param name="output">A new folder.</param>
    /// <param name="name">The head's name.</param>
    /// <param name="change">What is done to its logits.</param>
    /// <param name="threshold">Its threshold from now on.</param>
    /// <param name="seen">What it was fitted on.</param>
    /// <exception cref="UserErrorException">The folder holds no such head, or the output is there already.</exception>
    public static void Write(string folder, string output, string name, HeadRecalibration change, HeadThreshold? threshold, SeenRadiographs seen)
    {
        if (Path.Exists(output)) throw new UserErrorException($"{output} exists. Expected a new name.");
        var work = Path.TrimEndingDirectorySeparator(output) + AtomicFile.TemporarySuffix; // whole or not at all
        var list = JsonNode.Parse(
            RegularFile.ReadAllText(Path.Combine(folder, TransferLayout.HeadList)), documentOptions: JsonFormat.Tree)!.AsArray();
        // Other heads have not been fitted to this place: they are left behind.
        var entry = list.OfType<JsonObject>().FirstOrDefault(e => (string?)e["name"] == name)?.DeepClone().AsObject()
            ?? throw new UserErrorException($"{folder} has no head '{name}'.");
        var done = entry["recalibrations"]?.DeepClone().AsArray() ?? [];
        done.Add(JsonSerializer.SerializeToNode(change, JsonFormat.Indented));
        entry["recalibrations"] = done;
        entry["threshold"] = JsonSerializer.SerializeToNode(threshold, JsonFormat.Indented);
        entry.Remove("scores"); // of the head before, on another test
        var weightsPath = Path.Combine(folder, TransferLayout.HeadWeights);
        var listed = TrainedHead.List(folder).First(e => e.Name == name);
        var head = HeadWeightsFile.Read(weightsPath, [(name, listed.Classes, listed.Features)])[0]
            ?? throw new UserErrorException($"{weightsPath} does not hold {name} as {TransferLayout.HeadList} has it. Copy the folder again.");
        Directory.CreateDirectory(work);
        HeadWeightsFile.Write(Path.Combine(work, TransferLayout.HeadWeights), [(name, new(
            head.ClassCount, head.Width,
            Array.ConvertAll(head.Weights, w => w * change.Slope), Array.ConvertAll(head.Biases, b => b * change.Slope + change.Intercept)))]);
        SeenRadiographs.Read(folder).With(seen).Write(work);
        if (TrainedHead.EncoderOf(folder) is { } encoder) LikenessFile.Write(work, LikenessFile.Read(folder, encoder));
        AtomicFile.WriteAllText(Path.Combine(work, TransferLayout.HeadList), new JsonArray(entry).ToJsonString(JsonFormat.Indented) + "\n");
        // The encoder the heads belong to stands in the identity.
        var metrics = JsonNode.Parse(
            RegularFile.ReadAllText(Path.Combine(folder, TransferLayout.Metrics)), documentOptions: JsonFormat.Tree)!.AsObject();
        AtomicFile.WriteAllText(
            Path.Combine(work, TransferLayout.Metrics),
            new JsonObject
            {
                ["identity"] = metrics["identity"]!.DeepClone(),
                ["recalibration"] = JsonSerializer.SerializeToNode(change, JsonFormat.Indented),
            }.ToJsonString(JsonFormat.Indented) + "\n");
        Directory.Move(work, output);
    }
}
