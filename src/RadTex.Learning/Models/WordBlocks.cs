using RadTex.Learning.Kernels;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// The output layer's words in blocks of 64, the most frequent first, so that words which a corpus does not use lie together. After some hundred
/// updates their probabilities are below what bfloat16 resolves, and their part of the gradients of <see cref="TokenCrossEntropy"/> adds nothing (Wijmans
/// et al. 2024, "Cut Your Losses in Large-Vocabulary Language Models", whose bound is on each word). Here the bound is on each token's sum: blocks are
/// skipped as long as no token's skipped words have more than 2^-12 of its probability. With that, of a loss of factor 1,
/// |Δdh| ≤ 2^-12 · max |w|, and |ΔdW| ≤ 2^-12 · Σ |h|. Losses, and the bias's gradient, stay exact, and blocks that hold a target are never skipped.
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
    private const double MostLive = 0.9;

    private readonly int[] order;
    private long rows;
    private double skipped, mass;

    private WordBlocks(int[] order)
    {
        this.order = order;
        var columns = new long[order.Length];
        for (int i = 0; i < order.Length; i++) columns[order[i]] = i;
        Columns = tensor(columns).DetachFromDisposeScope();
    }

    /// <summary>The word in each column.</summary>
    internal ReadOnlySpan<int> Order => order;

    /// <summary>The column of each word, [V] int64.</summary>
    internal Tensor Columns { get; }

    /// <summary>Blocks, the last one perhaps not full.</summary>
    internal int Count => (order.Length + Width - 1) / Width;

    /// <summary>The largest norm of a row of the output matrix that was used last; 0 before.</summary>
    internal double LargestNorm { get; set; }

    /// <summary>Blocks for a vocabulary, whose words come in order of how often the training captions use them, then of their number.</summary>
    /// <param name="counts">Of each word.</param>
    public static WordBlocks ByFrequency(IReadOnlyList<long> counts) =>
        new([.. Enumerable.Range(0, counts.Count).OrderByDescending(i => counts[i]).ThenBy(i => i)]);

    /// <summary>
    /// What was skipped since this was asked for last: the share of words a token, and the largest part of a token's probability, the mean over chunks;
    /// (0, 0) where nothing was computed.
    /// </summary>
    public (double Share, double Probability) TakeSkipped()
    {
        var result = rows == 0 ? (0, 0) : (skipped / rows, mass / rows);
        (rows, skipped, mass) = (0, 0, 0);
        return result;
    }

    /// <summary>
    /// The columns whose gradients are made, as stretches in ascending order; null where so many are that all may as well be.
    /// </summary>
    /// <param name="masses">What each block has of each token's probability, [R, blocks], row by row.</param>
    /// <param name="targets">Each token's target column, R of them.</param>
    internal IReadOnlyList<(int First, int Count)>? Choose(ReadOnlySpan<float> masses, ReadOnlySpan<long> targets)
    {
        int blocks = Count, R = targets.Length;
        var most = new float[blocks];
        for (int row = 0; row < R; row++)
        {
            var own = masses.Slice(row * blocks, blocks);
            for (int b = 0; b < blocks; b++) most[b] = Math.Max(most[b], own[b]);
        }
        foreach (long target in targets) most[target / Width] = float.PositiveInfinity;
        int[] ascending = [.. Enumerable.Range(0, blocks).OrderBy(b => most[b]).ThenByDescending(b => b)];
        var sums = new float[R];
        int dead = 0;
        while (dead < blocks && most[ascending[dead]] <= MostSkipped && Fits(masses, ascending[dead], blocks, sums)) dead++;
        int live = Math.Min(blocks, (blocks - dead + LiveStep - 1) / LiveStep * LiveStep);
        dead = blocks - live;
        rows += R;
        if (live > MostLive * blocks) return null;
        skipped += R * (double)dead / blocks;
        Array.Clear(sums);
        for (int i = 0; i < dead; i++) Add(masses, ascending[i], blocks, sums);
        mass += R * (double)sums.Max();
        return Stretches(ascending.AsSpan(dead));
    }

    private static bool Fits(ReadOnlySpan<float> masses, int block, int blocks, float[] sums)
    {
        for (int row = 0; row < sums.Length; row++)
            if (sums[row] + masses[row * blocks + block] > MostSkipped) return false;
        Add(masses, block, blocks, sums);
        return true;
    }

    private static void Add(ReadOnlySpan<float> masses, int block, int blocks, float[] sums)
    {
        for (int row = 0; row < sums.Length; row++) sums[row] += masses[row * blocks + block];
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
}
