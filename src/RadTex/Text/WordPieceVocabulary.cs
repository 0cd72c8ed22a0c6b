using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using RadTex.Files;

namespace RadTex.Text;

/// <summary>
/// The pieces a WordPiece tokenizer knows, in the order of their file: a piece's line, from 0, is its id. "##" marks a piece that
/// continues a word.
/// </summary>
/// <remarks>
/// [PAD] must be piece 0 (the model's embedding and loss skip id 0), and [UNK], [CLS] (start) and [SEP] (end) must be there.
/// Lines are taken as they are: SciBERT's file holds an empty piece and control characters, and to trim or skip one
/// would shift every id after it.
/// </remarks>
public sealed class WordPieceVocabulary
{
    /// <summary>Fills captions up to equal length; id 0 in every vocabulary.</summary>
    public const string PadPiece = "[PAD]";

    /// <summary>Stands for a word that no pieces make up.</summary>
    public const string UnknownPiece = "[UNK]";

    /// <summary>Starts a caption.</summary>
    public const string StartPiece = "[CLS]";

    /// <summary>Ends a caption.</summary>
    public const string EndPiece = "[SEP]";

    /// <summary>Hides a word from a masked language model; not every vocabulary has it.</summary>
    public const string MaskPiece = "[MASK]";

    /// <summary>Marks a piece that continues a word.</summary>
    public const string Continuation = "##";

    /// <summary>Far above any vocabulary in use (multilingual BERT: 120,000 pieces, 1 MB), far below what would hurt.</summary>
    internal const int MaxPieces = 1_000_000, MaxFileBytes = 32 << 20;

    private const int SciBertPieces = 31_090;
    private const string SciBertSha256 = "f0a650346e51ede8996710f79ba65d83fdb8da05b159f17037b74ba4e3a36c6f";

    private readonly string[] pieces;
    private readonly FrozenDictionary<string, int> ids;

    private WordPieceVocabulary(string[] pieces, byte[] file, string source)
    {
        this.pieces = pieces;
        ids = Index(pieces, source);
        if (pieces.Length == 0 || pieces[0] != PadPiece) throw new UserErrorException(ExplainMissingPad(pieces, source));
        UnknownId = Require(UnknownPiece, source);
        StartId = Require(StartPiece, source);
        EndId = Require(EndPiece, source);
        FileBytes = file;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The number of pieces: the width of the model's output.</summary>
    public int Count => pieces.Length;

    /// <summary>The piece of an id in [0, <see cref="Count"/>).</summary>
    public string this[int id] => pieces[id];

    /// <summary>The id of [PAD]: always 0.</summary>
    public const int PadId = 0;

    /// <summary>The id of [UNK], which stands for a word that cannot be made of pieces.</summary>
    public int UnknownId { get; }

    /// <summary>The id of [MASK], which hides a word; null where there is none.</summary>
    public int? MaskId => ids.TryGetValue(MaskPiece, out int id) ? id : null;

    /// <summary>The id of [CLS], which starts a caption.</summary>
    public int StartId { get; }

    /// <summary>The id of [SEP], which ends a caption.</summary>
    public int EndId { get; }

    /// <summary>The SHA-256 of the file, in lower-case hex: what a run records and checks.</summary>
    public string Sha256 { get; }

    /// <summary>Whether this is the vocabulary of the paper, scibert_scivocab_uncased, byte for byte.</summary>
    public bool IsSciBert => Sha256 == SciBertSha256;

    private byte[] FileBytes { get; }

    /// <summary>The id of a piece, if the vocabulary has it.</summary>
    public bool TryGetId(string piece, out int id) => ids.TryGetValue(piece, out id);

    /// <summary>Reads a vocabulary file: UTF-8, one piece a line.</summary>
    /// <exception cref="UserErrorException">The file is missing, too large, not UTF-8, repeats a piece, or lacks a special one.</exception>
    public static WordPieceVocabulary Load(string path)
    {
        var bytes = ReadBounded(path);
        string text;
        try { text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes); }
        catch (DecoderFallbackException e)
        {
            throw new UserErrorException(
                $"Vocabulary {path} is not UTF-8 (byte {e.Index:N0}). Expected a text file with one WordPiece piece a line, "
                    + "such as SciBERT's vocab.txt.", e);
        }
        return new WordPieceVocabulary(SplitLines(text.TrimStart('\uFEFF'), path), bytes, path);
    }

    /// <summary>A vocabulary of the given pieces, in that order.</summary>
    /// <exception cref="UserErrorException">As for <see cref="Load"/>.</exception>
    /// <exception cref="ArgumentException">A piece holds a line break.</exception>
    public static WordPieceVocabulary FromPieces(IEnumerable<string> pieces)
    {
        string[] list = [.. pieces];
        if (Array.Exists(list, p => p.AsSpan().ContainsAny('\n', '\r'))) throw new ArgumentException("a piece holds a line break", nameof(pieces));
        return new WordPieceVocabulary(list, Encoding.UTF8.GetBytes(string.Concat(list.Select(p => p + "\n"))), "the given pieces");
    }

    /// <summary>Writes the file this vocabulary was read from, byte for byte, whole or not at all.</summary>
    public void Save(string path) => AtomicFile.WriteAllBytes(path, FileBytes);

    /// <summary>The pieces as a stream of lines, for the tokenizer library.</summary>
    internal Stream OpenLines() => new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(pieces.Select(p => p + "\n"))), writable: false);

    private static byte[] ReadBounded(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path);
            if (stream.Length > MaxFileBytes)
                throw new UserErrorException(
                    $"Vocabulary {path} has {stream.Length:N0} bytes; expected at most {MaxFileBytes:N0}. Is it another file?");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"Cannot read vocabulary {path}: {e.Message} Name SciBERT's vocab.txt, or build one with the step 'vocabulary'.", e);
        }
    }

    private static string[] SplitLines(string text, string path)
    {
        if (text.Length == 0) throw new UserErrorException($"Vocabulary {path} is empty. Expected one WordPiece piece a line.");
        var lines = text.Split('\n', MaxPieces + 2);
        if (lines.Length > MaxPieces + 1) throw new UserErrorException($"Vocabulary {path} has more than {MaxPieces:N0} lines. Is it another file?");
        if (lines[^1].Length == 0) lines = lines[..^1];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].EndsWith('\r')) lines[i] = lines[i][..^1]; // a file that passed through Windows
            if (lines[i].Contains('\r'))
                throw new UserErrorException($"Vocabulary {path} line {i + 1:N0} holds a stray carriage return. Expected one piece a line.");
        }
        return lines;
    }

    private static FrozenDictionary<string, int> Index(string[] pieces, string source)
    {
        var ids = new Dictionary<string, int>(pieces.Length, StringComparer.Ordinal);
        for (int i = 0; i < pieces.Length; i++)
        {
            if (!ids.TryAdd(pieces[i], i))
                throw new UserErrorException(
                    $"Vocabulary {source} has the piece '{pieces[i]}' twice, on lines {ids[pieces[i]] + 1:N0} and {i + 1:N0}. "
                        + "Expected every piece once: is the file damaged?");
        }
        return ids.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private int Require(string piece, string source) => ids.TryGetValue(piece, out int id)
        ? id
        : throw new UserErrorException(
            $"Vocabulary {source} lacks the piece {piece}. Expected {PadPiece} on line 1 and {UnknownPiece}, {StartPiece} "
                + $"and {EndPiece} on any line.");

    private static string ExplainMissingPad(string[] pieces, string source) =>
        pieces.Length == SciBertPieces - 1 && pieces[0] == "[unused0]"
            ? $"Vocabulary {source} is SciBERT's without its first line, {PadPiece}: {pieces.Length:N0} lines where "
            + $"{SciBertPieces:N0} are expected, so every id would be off by one. "
                + $"Put a line {PadPiece} before the first, or get the whole file (SHA-256 {SciBertSha256})."
            : $"Vocabulary {source} starts with '{pieces.FirstOrDefault()}'; expected {PadPiece} on line 1. Choose a BERT "
            + "vocabulary, or build one with the step 'vocabulary'.";
}
