using System.Text.Json;
using RadTex.Files;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;

namespace RadTex.Service.Models;

/// <summary>
/// A folder of models: each file by its own SHA-256, never changed, and <c>registry.json</c> that says which name stands for which. A name moves to
/// another file and back by hash.
/// </summary>
/// <remarks>No code of a model's file runs: ONNX is a graph of known operations, sealed by its hash and opened with its self-test.</remarks>
public sealed class ModelRegistry
{
    private const string List = "registry.json", Int8 = "int8";
    private const long LargestList = 1 << 20;

    private readonly string folder;

    /// <summary>The registry in a folder; nothing is read yet.</summary>
    /// <param name="folder">Made by <see cref="Add"/> where it is not there.</param>
    public ModelRegistry(string folder) => this.folder = folder;

    /// <summary>The names and what they stand for.</summary>
    /// <exception cref="UserErrorException">The list is damaged.</exception>
    public IReadOnlyDictionary<string, RegisteredModel> Models
    {
        get
        {
            var path = Path.Combine(folder, List);
            if (!File.Exists(path)) return new Dictionary<string, RegisteredModel>();
            if (new FileInfo(path).Length > LargestList) throw new UserErrorException($"{path} is too large for a list of models.");
            try
            {
                var models = JsonSerializer
                    .Deserialize<Dictionary<string, RegisteredModel>>(RegularFile.ReadAllText(path), JsonFormat.StrictIndented)!;
                foreach (var (name, model) in models)
                    if (!IsHandle(name) || !model.Former.Append(model.Current).All(IsHash)) throw new JsonException($"the entry {name} is damaged");
                return models;
            }
            catch (JsonException e) { throw new UserErrorException($"{path} is no list of models: {e.Message}", e); }
        }
    }

    /// <summary>What tells that a name may stand for another file than before.</summary>
    internal FileStamp Stamp => FileStamp.Of(Path.Combine(folder, List));

    /// <summary>The file of a name, or of a hash that is there.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public string PathOf(string sha256)
    {
        var path = Path.Combine(folder, sha256 + ".onnx");
        return IsHash(sha256) && File.Exists(path) ? path
            : throw new UserErrorException($"The registry {folder} has no model of that hash. Add the file first.");
    }

    /// <summary>Takes a classifier in under a name, which stands for it from then on.</summary>
    /// <returns>Its SHA-256.</returns>
    /// <exception cref="UserErrorException">It is no classifier that may be served.</exception>
    public string Add(string file, string name)
    {
        if (!IsHandle(name)) throw new UserErrorException($"The name '{name}' is none: expected letters, digits, - and _, at most 32.");
        if (!File.Exists(file)) throw new UserErrorException($"No model at {file}. Expected an .onnx classifier that the step 'export' wrote.");
        Directory.CreateDirectory(folder);
        using var claim = FolderLock.Take(folder);
        var incoming = Path.Combine(folder, "incoming" + AtomicFile.TemporarySuffix);
        RegularFile.Require(file);
        using (var from = RegularFile.OpenRead(file))
        using (var to = new FileStream(incoming, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            from.CopyTo(to);
            to.Flush(flushToDisk: true);
        }
        try
        {
            // The copy is opened, not the original: what was looked at is what is served.
            string sha256;
            using (var model = OnnxRadiographModel.Open(incoming))
            {
                RequireServable(model.Notes, file);
                sha256 = model.FileSha256!;
            }
            AtomicFile.Publish(incoming, Path.Combine(folder, sha256 + ".onnx"));
            Point(name, sha256);
            return sha256;
        }
        finally { File.Delete(incoming); }
    }

    /// <summary>Lets a name stand for a file that is there, such as the former one.</summary>
    /// <exception cref="UserErrorException">Neither is there.</exception>
    public void Use(string name, string sha256)
    {
        if (!Models.ContainsKey(name)) throw new UserErrorException($"The registry {folder} has no model '{name}'. It has {Names()}.");
        string[] fitting = [.. Directory.EnumerateFiles(folder, "*.onnx").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(h => sha256.Length >= 8 && h.StartsWith(sha256, StringComparison.OrdinalIgnoreCase))];
        if (fitting is not [var only])
            throw new UserErrorException($"{fitting.Length} models of {folder} have a hash that begins with that. Expected one: give more of it.");
        using var claim = FolderLock.Take(folder);
        Point(name, only);
    }

    internal string Names() => Models.Count == 0 ? "none" : string.Join(", ", Models.Keys.Order(StringComparer.Ordinal));

    private void Point(string name, string sha256)
    {
        var models = Models.ToDictionary();
        var before = models.GetValueOrDefault(name);
        if (before?.Current == sha256) return;
        models[name] = new(sha256, before is null ? [] : [.. before.Former.Where(f => f != sha256), before.Current]);
        AtomicFile.WriteAllText(Path.Combine(folder, List), JsonSerializer.Serialize(models, JsonFormat.StrictIndented) + "\n");
    }

    // int8 moves probabilities: calibration and operating point of the float32 model are not its own.
    private static void RequireServable(ModelNotes notes, string file)
    {
        if (notes.Quantisation is null) return;
        foreach (var output in notes.Outputs)
            if (output.Threshold is null || output.Recalibrations is not [.., { Runtime: Int8 }])
                throw new UserErrorException(
                    $"{file} is in int8, and its head {output.Label} has no calibration and operating point measured in int8. Run the step "
                        + "'recalibrate' on this very file with labelled radiographs, and add what it writes; or add the float32 model.");
    }

    internal static bool IsHandle(string name) =>
        name.Length is > 0 and <= 32 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
