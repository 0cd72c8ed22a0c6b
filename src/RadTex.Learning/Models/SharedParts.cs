using RadTex.Learning.Models.Encoders;

namespace RadTex.Learning.Models;

/// <summary>What models of several objectives in one run have in common: the same modules, so that an optimiser steps them once.</summary>
/// <param name="Visual">The encoder.</param>
/// <param name="Embedding">Tokens and positions; the word table is the output matrix of those that write.</param>
internal sealed record SharedParts(VisualBackbone Visual, TokenEmbedding Embedding);
