using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>The steps of our own model.</summary>
internal sealed class ModelSteps : ICaptionSteps
{
    private readonly RadTexModel model;
    private readonly DecodingState state;
    private readonly Device device;

    internal ModelSteps(RadTexModel model, Tensor features, int rowsPerImage, int longest)
    {
        (this.model, device) = (model, features.device);
        state = model.Textual.Decoder.Begin(model.Textual.Project(features), rowsPerImage, longest);
    }

    public Tensor Next(IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        var last = tensor(tokens.Select(token => (long)token).ToArray(), device: device);
        var positions = full_like(last, Scalars.Of((long)state.Length));
        var hidden = model.Textual.Decoder.Step(model.Textual.Embed(last, positions), state); // [R, D]
        return model.Logits(hidden).log_softmax(1).MoveToOuterDisposeScope();                 // [R, V]
    }

    public void Keep(IReadOnlyList<int> parents) => state.Keep(parents);

    public void Forget() => state.Forget();

    public void Dispose() => state.Dispose();
}
