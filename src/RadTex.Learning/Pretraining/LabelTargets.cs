namespace RadTex.Learning.Pretraining;

/// <summary>What a classifier shall say of each radiograph, by its index in the dataset.</summary>
/// <param name="Names">The labels (multi-label) or classes, one a logit.</param>
/// <param name="IsMultiClass">False: labels apart, each a probability (BCE). True: one class of several (cross-entropy).</param>
/// <param name="Values">
/// Multi-label: a value in [0, 1] a label, null where the label is absent and must not count. Multi-class: one value, the class
/// from 0. Every radiograph that is trained on is here.
/// </param>
public sealed record LabelTargets(IReadOnlyList<string> Names, bool IsMultiClass, IReadOnlyDictionary<int, IReadOnlyList<float?>> Values);
