using RadTex.Learning.Kernels;
using RadTex.Learning.Models.Decoding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>Multi-head attention with torch's state names (in_proj_weight holds query, key and value one below the other).</summary>
public sealed class MultiHeadAttention : nn.Module
{
    private const double Never = -1e9; // a score whose weight is 0, and times a scale no infinity

    private readonly Parameter in_proj_weight, in_proj_bias;
    private readonly LinearLayer out_proj;
    private readonly int width, heads;
    private readonly double dropout;
    private readonly ScalarType? compute;

    /// <summary>Projections with fresh weights, float32, on the CPU.</summary>
    /// <param name="width">D, of queries, keys, values and result.</param>
    /// <param name="heads">H, which divides D.</param>
    /// <param name="dropout">Of attention weights in training, 0 to 1.</param>
    /// <param name="compute">The type of linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which is the process's.</param>
    public MultiHeadAttention(int width, int heads, double dropout, ScalarType? compute, Generator? generator = null)
        : base(nameof(MultiHeadAttention))
    {
        (this.width, this.heads, this.dropout, this.compute) = (width, heads, dropout, compute);
        in_proj_weight = nn.Parameter(InitialValues.Normal(InitialValues.Deviation, [3 * width, width], generator));
        in_proj_bias = nn.Parameter(zeros(3 * width));
        out_proj = new(width, width, compute, zeroBias: true, generator);
        RegisterComponents();
    }

    /// <summary>Each position attends to itself and to those before it. Packed [N, D] to [N, D].</summary>
    public Tensor AttendCausally(Tensor hidden, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        var projected = batch.Pad(LinearMap.Apply(hidden, in_proj_weight, in_proj_bias, compute)); // [B, T, 3D]
        var parts = SplitHeads(projected, 3);
        return Finish(parts[0], parts[1], parts[2], causal: true, batch).MoveToOuterDisposeScope();
    }

    /// <summary>Each position attends to all of its text. Packed [N, D] to [N, D].</summary>
    public Tensor AttendToAll(Tensor hidden, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        var parts = SplitHeads(batch.Pad(LinearMap.Apply(hidden, in_proj_weight, in_proj_bias, compute)), 3); // [B, H, T, D/H] each
        var scores = parts[0].matmul(parts[1].transpose(2, 3));                                              // [B, H, T, T]
        if (!batch.IsDense) scores = scores.masked_fill(batch.Missing().unsqueeze(1).unsqueeze(1), Scalars.Of(Never));
        double scale = 1 / Math.Sqrt((double)width / heads);
        var weights = training && HostTensor.Fits(scores)
            ? AttentionWeights.Apply(scores, scale, causal: false, dropout)
            : Drop(scores.to(in_proj_weight.dtype).mul(Scalars.Of(scale)).softmax(3).to(scores.dtype));
        return Merge(weights.matmul(parts[2]), batch).MoveToOuterDisposeScope();
    }

    /// <summary>Each position attends to all patches of its image. Packed [N, D] and patches [B, P, D] to [N, D].</summary>
    public Tensor AttendToPatches(Tensor hidden, Tensor patches, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        var query = SplitHeads(
            batch.Pad(LinearMap.Apply(hidden, in_proj_weight.narrow(0, 0, width), in_proj_bias.narrow(0, 0, width), compute)), 1)[0];
        var (keys, values) = ProjectPatches(patches);
        return Finish(query, keys, values, causal: false, batch).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How much of each packed position's attention [N, D] each patch of its image [B, P, D] gets, the mean over heads: [N, P], rows of sum 1.
    /// </summary>
    internal Tensor PatchWeights(Tensor hidden, Tensor patches, CaptionBatch batch)
    {
        using var scope = NewDisposeScope();
        var query = SplitHeads(
            batch.Pad(LinearMap.Apply(hidden, in_proj_weight.narrow(0, 0, width), in_proj_bias.narrow(0, 0, width), compute)), 1)[0];
        var (keys, _) = ProjectPatches(patches);
        var scores = query.matmul(keys.transpose(2, 3)).to(in_proj_weight.dtype).div(Scalars.Of(Math.Sqrt((double)width / heads))); // [B, H, T, P]
        return batch.Unpad(scores.softmax(3).mean([1L])).MoveToOuterDisposeScope();                                  // [N, P]
    }

    /// <summary>The keys and values of the patches [B, P, D]: two of [B, H, P, D/H].</summary>
    internal (Tensor Keys, Tensor Values) ProjectPatches(Tensor patches)
    {
        using var scope = NewDisposeScope();
        var keyValue = SplitHeads(
            LinearMap.Apply(patches, in_proj_weight.narrow(0, width, 2 * width), in_proj_bias.narrow(0, width, 2 * width), compute), 2);
        return (keyValue[0].MoveToOuterDisposeScope(), keyValue[1].MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The next position of each row [R, D] attends to itself and to the cached ones before it; its own key and value join the cache.
    /// </summary>
    internal Tensor AttendToPast(Tensor hidden, DecodingState state, int layer)
    {
        using var scope = NewDisposeScope();
        var parts = SplitHeads(LinearMap.Apply(hidden, in_proj_weight, in_proj_bias, compute).unsqueeze(1), 3); // [R, H, 1, D/H] each
        var (keys, values) = state.Append(layer, parts[1], parts[2]);                                          // [R, H, t, D/H]
        var attended = nn.functional.scaled_dot_product_attention(parts[0], keys, values);                     // [R, H, 1, D/H]
        return out_proj.forward(attended.reshape(hidden.shape[0], width)).MoveToOuterDisposeScope();           // [R, D]
    }

    /// <summary>Each row [R, D] attends to the patches of its image, whose keys and values are cached once for all its rows.</summary>
    internal Tensor AttendToPatches(Tensor hidden, DecodingState state, int layer)
    {
        using var scope = NewDisposeScope();
        var query = SplitHeads(
            state.PadRows(LinearMap.Apply(hidden, in_proj_weight.narrow(0, 0, width), in_proj_bias.narrow(0, 0, width), compute)), 1)[0];
        var (keys, values) = state.Patches(layer);
        var attended = nn.functional.scaled_dot_product_attention(query, keys, values);                        // [B, H, W, D/H]
        var rows = state.UnpadRows(attended.permute(0, 2, 1, 3).reshape(-1, width));                           // [R, D]
        return out_proj.forward(rows).MoveToOuterDisposeScope();
    }

    // [B, T, parts * D] to parts of [B, H, T, D/H]
    private Tensor[] SplitHeads(Tensor projected, int parts)
    {
        // [parts, B, H, T, D/H]
        var split = projected.view(projected.shape[0], projected.shape[1], parts, heads, width / heads).permute(2, 0, 3, 1, 4);
        return [.. Enumerable.Range(0, parts).Select(i => split[i])];
    }

    private Tensor Finish(Tensor query, Tensor key, Tensor value, bool causal, CaptionBatch batch)
    {
        var attended = training && HostTensor.Fits(query)
            // [B, H, T, D/H]
            ? AttentionWeights.Apply(query.matmul(key.transpose(2, 3)), 1 / Math.Sqrt((double)width / heads), causal, dropout).matmul(value)
            : nn.functional.scaled_dot_product_attention(query, key, value, null, training ? dropout : 0, causal);
        return Merge(attended, batch);
    }

    private Tensor Merge(Tensor attended, CaptionBatch batch)
    {
        var merged = attended.permute(0, 2, 1, 3).reshape(batch.Captions, batch.Longest, width);                           // [B, T, D]
        return out_proj.forward(batch.Unpad(merged));                                                                      // [N, D]
    }

    private Tensor Drop(Tensor input) => training ? KeyedDropout.Apply(input, dropout) : input;
}
