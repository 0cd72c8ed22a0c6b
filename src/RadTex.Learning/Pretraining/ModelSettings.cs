namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>model</c> of a configuration: the network but for what the vocabulary decides. The defaults are the paper's.</summary>
/// <param name="Backbone">resnet18, resnet18-mlnet, resnet34, resnet50 or resnet101.</param>
/// <param name="BackboneWidth">Channels of the first stage; 64 is torchvision's.</param>
/// <param name="Channels">Image channels, 1 or 3.</param>
/// <param name="Hidden">Width of the textual head.</param>
/// <param name="Layers">Decoder layers in each direction.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Feedforward">Width of the feed-forward layers.</param>
/// <param name="Dropout">Dropout of the textual head.</param>
public sealed record ModelSettings(
    string Backbone = "resnet50", int BackboneWidth = 64, int Channels = 1, int Hidden = 1024, int Layers = 1, int Heads = 16, int Feedforward = 4096,
    double Dropout = 0.1);
