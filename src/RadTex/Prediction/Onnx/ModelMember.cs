namespace RadTex.Prediction.Onnx;

/// <summary>A head that an output is made of, where that is not one head of the model's only encoder.</summary>
/// <param name="Head">Its name in the sweep it came from.</param>
/// <param name="EncoderSha256">Of the encoder it sits on.</param>
public sealed record ModelMember(string Head, string EncoderSha256);
