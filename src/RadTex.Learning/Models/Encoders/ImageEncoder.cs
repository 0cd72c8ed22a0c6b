using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// From images [B, C, S, S] to visual features [B, F, S/R, S/R]: what every encoder is to the captioning model, to heads, to maps and to training.
/// </summary>
/// <remarks>
/// Input is in [0, 1] or standardised, float32, bfloat16 or float64, on the parameters' device; output has its type. Parameters stay float32 (or
/// float64 after <c>to(float64)</c>). A subclass registers its components in its constructor; its fields' names are the keys of its weights. In
/// evaluation mode a radiograph's features must not depend on the others in its batch. Tensors that are returned belong to the caller's scope. One
/// thread at a time may train; several may evaluate.
/// </remarks>
public abstract class ImageEncoder : nn.Module<Tensor, Tensor>
{
    /// <summary>What a subclass begins with.</summary>
    /// <param name="spec">Architecture, width, channels and side of the input.</param>
    protected ImageEncoder(EncoderSpec spec) : base(spec.Architecture) => Spec = spec;

    /// <summary>What it was built from.</summary>
    public EncoderSpec Spec { get; }

    /// <summary>Channels F of the features.</summary>
    public abstract int FeatureWidth { get; }

    /// <summary>Pixels of the input for each value of the features, along one side: R.</summary>
    public abstract int Reduction { get; }

    /// <summary>
    /// [B, C, S, S] to the outputs of its stages, coarser and coarser: that of <see cref="forward"/> last, and at number 1 one that maps of what it
    /// looks at are drawn from (<c>Reading.Explanations</c>). Each is part of the graph of those after it.
    /// </summary>
    public abstract Tensor[] Stages(Tensor images);

    /// <summary>[B, C, S, S] to visual features [B, F, S/R, S/R] of the input's type.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Stages(images)[^1].MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [B, C, S, S] to one vector a radiograph, [B, F]: the average over positions. Those of bfloat16 input are averaged, and come out, in float32:
    /// pooled features have a mean far larger than what tells two pictures apart.
    /// </summary>
    public virtual Tensor Pool(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Average(forward(images)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [B, C, S, S] to what <see cref="forward"/> and <see cref="Pool"/> give, of one pass: features [B, F, S/R, S/R] and vectors [B, F]. An encoder
    /// that pools otherwise than by the average overrides it too.
    /// </summary>
    public virtual (Tensor Features, Tensor Pooled) Encode(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = forward(images);
        return (features.MoveToOuterDisposeScope(), Average(features).MoveToOuterDisposeScope());
    }

    private static Tensor Average(Tensor features) =>
        (features.dtype == ScalarType.BFloat16 ? features.to(ScalarType.Float32) : features).mean([2L, 3L]);

    /// <summary>
    /// Attention rolled out over the layers (Abnar and Zuidema 2020), [B, 1 + P, P], rows of sum 1 at most: what of the picture's P patches comes
    /// into the pooled vector (row 0) and into each of P features, row by row. Null of an encoder without attention.
    /// </summary>
    public virtual Tensor? RollOut(Tensor images) => null;

    /// <summary>The type to compute in for a batch [B, C, S, S]: the one asked for, or null, which is the images' own.</summary>
    public virtual ScalarType? TypeFor(Tensor images, ScalarType? asked) => asked;

    /// <summary>A weight of an encoder of the same kind for another image size, as this one takes it: learned positions are interpolated.</summary>
    public virtual Tensor Fitted(string name, Tensor weight) => weight;

    /// <summary>Whether it is a graph of others, which computes in float32 and cannot be trained.</summary>
    public virtual bool IsFrozen => false;

    /// <summary>Whether so many images can be a training batch. Batch norm needs two values a channel.</summary>
    public virtual bool CanTrainOn(long images, long height, long width) => true;

    /// <summary>Whether training forwards move the running statistics; see <see cref="BatchNorm.TracksStatistics"/>.</summary>
    public bool TracksStatistics
    {
        set => BatchNorm.TrackStatistics(this, value);
    }

    /// <summary>Whether training forwards normalise by the running statistics; see <see cref="BatchNorm.KeepsStatistics"/>.</summary>
    public bool KeepsStatistics
    {
        set
        {
            foreach (var norm in Norms) norm.KeepsStatistics = value;
        }
    }

    /// <summary>How far a batch's statistics move the running ones.</summary>
    internal double StatisticsMomentum
    {
        set
        {
            foreach (var norm in Norms) norm.Momentum = value;
        }
    }

    private IEnumerable<BatchNorm> Norms => modules().OfType<BatchNorm>();

    /// <summary>Forgets the running statistics: mean 0, variance 1, no batch seen.</summary>
    public void ResetStatistics()
    {
        foreach (var norm in Norms) norm.ResetStatistics();
    }

    /// <summary>Gives every branch its full part, where fresh weights let it begin as nothing, or as next to nothing: all norms' scales 1.</summary>
    public virtual void OpenBranches()
    {
        foreach (var norm in Norms) norm.UnitScale();
    }

    /// <summary>The images in the type that <see cref="TypeFor"/> answers.</summary>
    internal Tensor InComputeType(Tensor images, ScalarType? asked) => TypeFor(images, asked) is { } type ? images.to(type) : images;
}
