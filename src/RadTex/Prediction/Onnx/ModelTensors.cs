namespace RadTex.Prediction.Onnx;

/// <summary>The names of an exported model's input and outputs.</summary>
internal static class ModelTensors
{
    internal const string Image = "image", Features = "features", FeatureMap = "feature_map", Probabilities = "probabilities";
}
