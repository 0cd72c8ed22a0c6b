using RadTex.Learning.Checkpoints;

namespace RadTex.Learning.Export;

/// <summary>
/// What one must know to use an exported captioning model: its card, how a picture becomes its input, how a caption is written with it.
/// </summary>
/// <param name="Model">The model's card; its weights' hash is that of the model exported.</param>
/// <param name="Preprocessing">From a picture to the encoder's input, in words.</param>
/// <param name="Decoding">From the encoder's output to a caption, in words.</param>
public sealed record CaptionerCard(ModelCard Model, string Preprocessing, string Decoding);
