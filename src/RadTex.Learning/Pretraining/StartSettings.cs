namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>start</c> of a configuration: weights that a pretraining begins with.</summary>
/// <param name="From">An encoder's folder, or a run, whose text side is taken too where it fits; empty for fresh weights.</param>
/// <param name="FrozenEpochs">The first epochs, in which the encoder stays as it is.</param>
/// <param name="WeightsSha256">Of what was found there; filled in when the run begins.</param>
public sealed record StartSettings(string From = "", int FrozenEpochs = 0, string WeightsSha256 = "");
