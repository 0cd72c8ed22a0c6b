using RadTex.Learning.Kernels;

namespace RadTex.Learning.Models;

/// <summary>
/// The output layer's words in blocks of 64, the most frequent first, so that words which a corpus does not use lie together. In time their
/// probabilities fall below what bfloat16 resolves, and their part of the gradients of <see cref="TokenCrossEntropy"/> adds nothing (Wijmans et al.
/// 2024, "Cut Your Losses in Large-Vocabulary Language Models", whose bound is on each word). Here the bound is on each token's sum: blocks are
/// skipped as long as a token's skipped words have at most 2^-12 of its probability. With that, of a loss of factor 1,
/// |Δdh| ≤ 2^-12 · max |w|, and |ΔdW| ≤ 2^-12 · Σ |h|. Losses, and the bias's gradient, stay exact, and blocks that hold a target are never skipped
/// for its token.
/// </summary>
public sealed class WordBlocks
{
    /// <summary>Words in a block.</summary>
    internal const int Width = SoftmaxLoss.BlockWidth;

    /// <summary>The most of a token's probability that is skipped.</summary>
    public const float MostSkipped = 1f / 4096;

    /// <summary>Every so many updates nothing is skipped, so that no word is forgotten: embedding and output are one matrix.</summary>
    public const int WholeEvery = 16;

    /// <summary>Words from which skipping pays: below, choosing costs more than the products.</summary>
    public const int LeastWords = 8192;

    // oneDNN compiles a kernel for every width of a product it meets: live words are a multiple of this.
    private const int LiveStep = 1024 / Width;
    private const double LeastSkipped = 0.1; // of all words of all tokens: less is not worth the copies

    private readonly int[] order;
    private long rows;
    private double skipped, mass;

    private WordBlocks(int[] order)
    {
        this.order = order;
        Columns = new long[order.Length];
        for (int i = 0; i < order.Length; i++) Columns[order[i]] = i;
    }

    /// <summary>The word in each column.</summary>
    internal ReadOnlySpan<int> Order => order;

    /// <summary>The column of each word.</summary>
    internal long[] Columns { get; }

    /// <summary>Blocks, the last one perhaps not full.</summary>
    internal int Count => (order.Length + Width - 1) / Width;

    /// <summary>The largest norm of a row of the output matrix that was used last; 0 before.</summary>
    internal double LargestNorm { get; set; }

    /// <summary>Blocks for a vocabulary, whose words come in order of how often the training captions use them, then of their number.</summary>
    /// <param name="counts">Of each word.</param>
    public static WordBlocks ByFrequency(IReadOnlyList<long> counts) =>
        new([.. Enumerable.Range(0, counts.Count).OrderByDescending(i => counts[i]).ThenBy(i => i)]);

    /// <summary>
    /// What was skipped since this was asked for last: the share of words a token, and the largest part of a token's probability, the mean over
    /// chunks; (0, 0) where nothing was computed.
    /// </summary>
    public (double Share, double Probability) TakeSkipped()
    {
        var result = rows == 0 ? (0, 0) : (skipped / rows, mass / rows);
        (rows, skipped, mass) = (0, 0, 0);
        return result;
    }

    /// <summary>
    /// What of a chunk is left out: of the blocks in order of their mean probability, so many that (blocks left out) x (tokens that may leave them
    /// out) is largest; the other tokens keep all words.
    /// </summary>
    /// <param name="masses">What each block has of each token's probability, [R, blocks], row by row.</param>
    /// <param name="targets">Each token's target column, R of them.</param>
    internal LiveWords Choose(ReadOnlySpan<float> masses, ReadOnlySpan<long> targets)
    {
        int blocks = Count, R = targets.Length;
        var means = new double[blocks];
        for (int row = 0; row < R; row++)
            for (int b = 0; b < blocks; b++) means[b] += masses[row * blocks + b];
        int[] ascending = [.. Enumerable.Range(0, blocks).OrderBy(b => means[b]).ThenByDescending(b => b)];
        var reach = new int[R]; // blocks, from the least probable on, that a token may leave out
        var tokens = new int[blocks + 1];
        for (int row = 0; row < R; row++)
        {
            int own = (int)(targets[row] / Width), k = 0;
            for (float sum = 0; k < blocks && ascending[k] != own && (sum += masses[row * blocks + ascending[k]]) <= MostSkipped;) k++;
            reach[row] = k;
            tokens[k]++;
        }
        for (int k = blocks - 1; k >= 0; k--) tokens[k] += tokens[k + 1]; // those that may leave out k or more
        int dead = Enumerable.Range(0, blocks + 1).Where(k => (blocks - k) % LiveStep == 0).Prepend(0).MaxBy(k => (long)k * tokens[k]);
        rows += R;
        if ((double)dead * tokens[dead] < LeastSkipped * blocks * R) return new([], [], [.. Enumerable.Range(0, R)]);
        var some = Enumerable.Range(0, R).Where(row => reach[row] >= dead).ToArray();
        float most = 0;
        foreach (int row in some)
        {
            float sum = 0;
            for (int i = 0; i < dead; i++) sum += masses[row * blocks + ascending[i]];
            most = Math.Max(most, sum);
        }
        skipped += some.Length * (double)dead / blocks;
        mass += R * (double)most;
        return new(Stretches(ascending.AsSpan(dead)), some, [.. Enumerable.Range(0, R).Where(row => reach[row] < dead)]);
    }

    private static List<(int First, int Count)> Stretches(ReadOnlySpan<int> live)
    {
        int[] ascending = [.. live];
        Array.Sort(ascending);
        var result = new List<(int First, int Count)>();
        foreach (int block in ascending)
            if (result.Count > 0 && result[^1].First + result[^1].Count == block * Width) result[^1] = (result[^1].First, result[^1].Count + Width);
            else result.Add((block * Width, Width));
        return result;
    }

    /// <summary>What of a chunk's gradients is made.</summary>
    /// <param name="Columns">Stretches of columns, for <paramref name="Some"/>.</param>
    /// <param name="Some">Tokens whose gradients are made of these columns alone.</param>
    /// <param name="Whole">Tokens whose gradients are made of all.</param>
    internal sealed record LiveWords(IReadOnlyList<(int First, int Count)> Columns, int[] Some, int[] Whole);
}
