namespace RadTex.Learning.Models.Encoders;

/// <summary>How a vision transformer's tokens become one vector a radiograph.</summary>
internal enum TokenPooling
{
    /// <summary>The class token, after the last norm.</summary>
    Class,

    /// <summary>The mean of the patches after the last norm; there is no class token. A linear head's map over patches is exact.</summary>
    Mean,

    /// <summary>The mean of the patches, then a norm (<c>fc_norm</c>, as MAE fine-tunes); there is a class token.</summary>
    NormedMean,
}
