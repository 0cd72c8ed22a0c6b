using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// The captions of a batch, packed: only real positions are kept, one after the other, so that no padded position reaches a
/// projection, a feed-forward layer or the output layer. Attention alone sees the padded form, through <see cref="Slots"/>.
/// </summary>
/// <remarks>
/// A caption of n tokens gives n - 1 inputs and n - 1 targets (all but the last token, all but the first). With a causal mask
/// a real position never attends to a later one, so leaving padding out changes no number.
/// N: real inputs of the batch; B: captions; T: positions a caption is laid out in for attention.
/// </remarks>
public sealed class CaptionBatch : IDisposable
{
    private CaptionBatch(int captions, int longest) => (Captions, Longest) = (captions, longest);

    /// <summary>B.</summary>
    public int Captions { get; }

    /// <summary>T: the longest caption's inputs, to a multiple of 16 (shorter ones as they are).</summary>
    /// <remarks>oneDNN compiles kernels for every T it meets, and keeps them: memory grew with each. The few more padded positions are in attention
    /// alone.</remarks>
    public int Longest { get; }

    /// <summary>N.</summary>
    public long Count => Positions.shape[0];

    /// <summary>Position of each input in its caption, [N] int64.</summary>
    public Tensor Positions { get; private init; } = null!;

    /// <summary>Row of each input in the padded [B * T] form, [N] int64.</summary>
    public Tensor Slots { get; private init; } = null!;

    /// <summary>Each caption's tokens but the last, [N] int64.</summary>
    public Tensor ForwardTokens { get; private init; } = null!;

    /// <summary>What follows each of <see cref="ForwardTokens"/>: each caption's tokens but the first, [N] int64.</summary>
    public Tensor ForwardTargets { get; private init; } = null!;

    /// <summary>The exact reverse of each caption, last token left out.</summary>
    public Tensor BackwardTokens { get; private init; } = null!;

    /// <summary>What stands before each of <see cref="BackwardTokens"/> in the caption, [N] int64.</summary>
    public Tensor BackwardTargets { get; private init; } = null!;

    /// <summary>Whether every caption has T inputs, so that packed and padded form are the same rows.</summary>
    public bool IsDense => Count == (long)Captions * Longest;

    /// <summary>Packs captions of at least two tokens each.</summary>
    /// <param name="captions">B captions, start and end tokens included.</param>
    /// <param name="device">Where the tensors shall lie; null for the CPU.</param>
    public static CaptionBatch Pack(IReadOnlyList<IReadOnlyList<int>> captions, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(captions.Count);
        const int multiple = 16;
        int longest = captions.Max(c => c.Count) - 1;
        if (longest > multiple) longest = (longest + multiple - 1) / multiple * multiple;
        int total = captions.Sum(c => c.Count - 1);
        long[] positions = new long[total], slots = new long[total];
        long[] forwardTokens = new long[total], forwardTargets = new long[total], backwardTokens = new long[total], backwardTargets = new long[total];
        int i = 0;
        for (int b = 0; b < captions.Count; b++)
        {
            var caption = captions[b];
            if (caption.Count < 2)
                throw new ArgumentException($"caption {b} has {caption.Count} tokens; expected at least two (start and end)", nameof(captions));
            for (int t = 0; t < caption.Count - 1; t++, i++)
            {
                positions[i] = t;
                slots[i] = (long)b * longest + t;
                forwardTokens[i] = caption[t];
                forwardTargets[i] = caption[t + 1];
                backwardTokens[i] = caption[caption.Count - 1 - t];
                backwardTargets[i] = caption[caption.Count - 2 - t];
            }
        }
        Tensor On(long[] values) => tensor(values, ScalarType.Int64, device);
        return new(captions.Count, longest)
        {
            Positions = On(positions),
            Slots = On(slots),
            ForwardTokens = On(forwardTokens),
            ForwardTargets = On(forwardTargets),
            BackwardTokens = On(backwardTokens),
            BackwardTargets = On(backwardTargets),
        };
    }

    /// <summary>Packs whole texts: <see cref="ForwardTokens"/> are all of their tokens; nothing is predicted.</summary>
    /// <param name="texts">B texts of at least one token each.</param>
    /// <param name="device">Where the tensors shall lie; null for the CPU.</param>
    public static CaptionBatch PackWhole(IReadOnlyList<IReadOnlyList<int>> texts, Device? device = null) =>
        Pack([.. texts.Select(text => (IReadOnlyList<int>)[.. text, 0])], device); // a caption's last token is no input

    /// <summary>Which places of the padded form hold no token, [B, T] bool.</summary>
    internal Tensor Missing()
    {
        using var scope = NewDisposeScope();
        var missing = ones((long)Captions * Longest, dtype: ScalarType.Bool, device: Slots.device).index_fill(0, Slots, Scalars.Of(0L));
        return missing.view(Captions, Longest).MoveToOuterDisposeScope();
    }

    /// <summary>Packed rows [N, W] to the padded form [B, T, W]; padded rows are zero.</summary>
    internal Tensor Pad(Tensor packed)
    {
        if (IsDense) return packed.view(Captions, Longest, -1);
        using var scope = NewDisposeScope();
        var padded = packed.new_zeros((long)Captions * Longest, packed.shape[1]).index_copy(0, Slots, packed);
        return padded.view(Captions, Longest, -1).MoveToOuterDisposeScope(); // [B, T, W]
    }

    /// <summary>The padded form [B, T, W] to packed rows [N, W].</summary>
    internal Tensor Unpad(Tensor padded)
    {
        using var scope = NewDisposeScope();
        var rows = padded.reshape((long)Captions * Longest, -1);
        return (IsDense ? rows.alias() : rows.index_select(0, Slots)).MoveToOuterDisposeScope(); // [N, W]
    }

    /// <summary>Releases its six tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { Positions, Slots, ForwardTokens, ForwardTargets, BackwardTokens, BackwardTargets }) tensor.Dispose();
    }
}
