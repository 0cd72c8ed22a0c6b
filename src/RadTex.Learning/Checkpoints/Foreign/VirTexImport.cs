using System.Globalization;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// A VirTex checkpoint (Desai and Johnson 2021) as a model folder to caption with. Its SentencePiece vocabulary is a file of its own:
/// without it, the pieces are the tokens' numbers and captions come as token ids.
/// </summary>
/// <remarks>
/// Expected: post-norm decoders (<c>transdec_postnorm</c>; pre-norm ones have the same keys and cannot be told apart), ids 0 unknown and
/// padding, 1 start, 2 end, 3 mask, bytes divided by 255 and ImageNet's standardisation, 224 px.
/// </remarks>
public static class VirTexImport
{
    private const string Forward = "textual.", Backward = "backward_textual.", Mark = "visual.cnn.conv1.weight",
        Words = "textual.embedding.words.weight", OutputWeight = "textual.output.weight";
    private const int HeadWidth = 64, ImageSize = 224, Start = 1, End = 2, Mask = 3;

    // The backward direction has only decoder layers of its own; VirTex lists the rest under both names.
    private static readonly string[] Shared = ["visual_projection.", "embedding.", "output."];

    /// <summary>Reads a checkpoint and writes a model with its card.</summary>
    /// <param name="path">VirTex's <c>.pth</c>, or its model as safetensors.</param>
    /// <param name="output">The model's folder.</param>
    /// <param name="vocabulary">Its SentencePiece <c>.vocab</c> (piece, tab, score a line) or a WordPiece file; null for numbers.</param>
    /// <param name="heads">Attention heads; null for one each 64 of the width, as VirTex has it: the weights do not tell.</param>
    /// <param name="keys">Renames keys first.</param>
    /// <param name="force">Whether a model of another file is replaced.</param>
    /// <returns>The card, and what a user must know of the import.</returns>
    /// <exception cref="UserErrorException">The file is refused, or its weights are not such a model's.</exception>
    public static (ModelCard Card, IReadOnlyList<string> Notes) Run(
        string path, string output, string? vocabulary = null, int? heads = null, KeyMap? keys = null, bool force = false)
    {
        using var claim = OutputFolder.Open(output, FolderKind.Model);
        TorchLibrary.EnsureLoaded();
        using var foreign = ForeignWeights.Open(path);
        ModelFolder.RequireSame(output, foreign.Sha256, force);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var notes = new List<string>();
        var weights = Strip(EncoderImport.Rename(foreign, keys ?? KeyMap.None), path);
        DropCopies(weights, path);
        if (!weights.Keys.Any(k => k.StartsWith(Backward, StringComparison.Ordinal)))
        {
            foreach (var (name, tensor) in weights.Where(w => w.Key.StartsWith(Forward + "transformer.", StringComparison.Ordinal)).ToArray())
                weights.Add("backward_" + name, tensor);
            notes.Add("the file has no backward direction: its decoder is a copy of the forward one");
        }
        var configuration = Describe(weights, path, heads);
        var pieces = vocabulary is null ? Numbers(configuration.VocabularySize) : ReadPieces(vocabulary, configuration.VocabularySize);
        if (vocabulary is null) notes.Add("no vocabulary given: captions come as token ids");
        using var model = new RadTexModel(configuration);
        ModuleWeights.Load(model, weights, path);
        var card = ModelFolder.Write(output, model, pieces, new(
            configuration, ImageSize, IntensityScaling.ImageNet255.Name(), "",
            $"VirTex, imported from {Path.GetFileName(path)} (SHA-256 {foreign.Sha256}){string.Concat(notes.Select(n => "; " + n))}",
            Synthetic: false, ""));
        return (card, notes);
    }

    private static Dictionary<string, Tensor> Strip(Dictionary<string, Tensor> weights, string path)
    {
        var mark = weights.Keys.FirstOrDefault(k => k.EndsWith(Mark, StringComparison.Ordinal))
            ?? throw new UserErrorException(
                $"{path} is no VirTex checkpoint: it has no {Mark}. For an encoder alone use the step 'import torchvision' or "
                    + "the step 'import state-dict'.");
        var prefix = mark[..^Mark.Length];
        return weights.ToDictionary(
            w => w.Key.StartsWith(prefix, StringComparison.Ordinal) ? w.Key[prefix.Length..] : w.Key, w => w.Value, StringComparer.Ordinal);
    }

    private static void DropCopies(Dictionary<string, Tensor> weights, string path)
    {
        foreach (
            var (copy, original) in weights.Keys.Where(k => Shared.Any(part => k.StartsWith(Backward + part, StringComparison.Ordinal)))
                .Select(k => (k, Forward + k[Backward.Length..]))
            .OrderBy(pair => pair.k == Backward + "output.weight" ? 0 : 1).Append((OutputWeight, Words)).ToArray())
        {
            // what is missing or left over is reported on loading
            if (!weights.TryGetValue(copy, out var value) || !weights.TryGetValue(original, out var shared)) continue;
            if (!value.shape.SequenceEqual(shared.shape) || !value.equal(shared).all().item<bool>())
                throw new UserErrorException(
                    $"{path}: {copy} differs from {original}. In VirTex they are one parameter, here too; this is another model.");
            weights.Remove(copy);
        }
    }

    private static ModelConfiguration Describe(Dictionary<string, Tensor> weights, string path, int? heads)
    {
        long[] Shape(string name, int dimensions) => weights.TryGetValue(name, out var tensor) && tensor.dim() == dimensions
            ? tensor.shape
            : throw new UserErrorException($"{path} is no VirTex captioning model: it lacks {name} of {dimensions} dimensions.");
        var (architecture, width, _) = ResNetNaming.Describe(
            weights.Where(w => w.Key.StartsWith("visual.cnn.", StringComparison.Ordinal))
                .ToDictionary(w => w.Key["visual.cnn.".Length..], w => w.Value),
            path);
        var words = Shape(Words, 2);
        int hidden = checked((int)words[1]);
        return new ModelConfiguration(
            architecture, (int)weights[Mark].shape[1], checked((int)words[0]), hidden,
            Enumerable.Range(0, 128).TakeWhile(i => weights.ContainsKey($"{Forward}transformer.layers.{i}.linear1.weight")).Count(),
            heads ?? Math.Max(1, hidden / HeadWidth), checked((int)Shape(Forward + "transformer.layers.0.linear1.weight", 2)[0]),
            checked((int)Shape(Forward + "embedding.positions.weight", 2)[0]), StartToken: Start, EndToken: End, BackboneWidth: width).Validated();
    }

    // Id 0 is padding and unknown in one; [UNK] needs a line of its own and gets that of [MASK], which no caption holds.
    private static WordPieceVocabulary Numbers(int size) => Pieces(size, i => i.ToString(CultureInfo.InvariantCulture));

    private static WordPieceVocabulary Pieces(int size, Func<int, string> piece) =>
        WordPieceVocabulary.FromPieces(Enumerable.Range(0, size).Select(i => i switch
    {
        0 => WordPieceVocabulary.PadPiece,
        Start => WordPieceVocabulary.StartPiece,
        End => WordPieceVocabulary.EndPiece,
        Mask => WordPieceVocabulary.UnknownPiece,
        _ => piece(i),
    }));

    private static WordPieceVocabulary ReadPieces(string path, int size)
    {
        string[] lines;
        try
        {
            if (new FileInfo(path).Length > WordPieceVocabulary.MaxFileBytes)
                throw new UserErrorException($"Vocabulary {path} is larger than {WordPieceVocabulary.MaxFileBytes:N0} bytes. Is it another file?");
            lines = RegularFile.ReadAllText(path).TrimEnd('\n').Split('\n');
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException)
        { throw new UserErrorException($"Cannot read vocabulary {path}: {e.Message}", e); }
        if (lines.Length != size) throw new UserErrorException(
            $"Vocabulary {path} has {lines.Length:N0} lines; the model has {size:N0} tokens. Give the .vocab file of the same SentencePiece model.");
        return lines[0] == WordPieceVocabulary.PadPiece
            ? WordPieceVocabulary.Load(path)
            : Pieces(size, i => OfSentencePiece(lines[i].Split('\t')[0]));
    }

    // SentencePiece marks a word's beginning with U+2581, WordPiece what continues one.
    private static string OfSentencePiece(string piece) => piece.StartsWith('\u2581') ? piece[1..] : WordPieceVocabulary.Continuation + piece;
}
