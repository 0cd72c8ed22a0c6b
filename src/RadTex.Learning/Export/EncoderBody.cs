using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Export;

/// <summary>Adds an encoder's evaluation-mode forward to an ONNX graph, with its weights as constants.</summary>
/// <param name="graph">Where to.</param>
/// <param name="image">The name of the input, float [batch, C, S, S].</param>
/// <param name="encoder">On the CPU; it stays the caller's and as it is.</param>
/// <param name="foldBatchNorm">Whether each batch norm becomes part of the convolution before it. Nothing to encoders without.</param>
/// <returns>The names of what it gives.</returns>
public delegate EncoderOutputs EncoderBody(GraphBuilder graph, string image, ImageEncoder encoder, bool foldBatchNorm);
