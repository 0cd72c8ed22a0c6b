using RadTex.Heads;

namespace RadTex.Prediction;

/// <summary>Where a linear head's logit comes from: Σ w f(x, y) and its part of the bias, over the number of places. The values add up to the
/// logit.</summary>
/// <param name="Height">Places down.</param>
/// <param name="Width">Places across.</param>
/// <param name="Values">Row by row: above 0 speaks for the finding, below 0 against it.</param>
public sealed record ClassMap(int Height, int Width, double[] Values)
{
    /// <summary>The head's logit of the picture.</summary>
    public double Logit => Values.Sum();

    /// <param name="features">[F, height, width].</param>
    /// <param name="height">Places down.</param>
    /// <param name="width">Places across.</param>
    /// <param name="head">On the features' average over places.</param>
    /// <param name="output">Which of its logits.</param>
    internal static ClassMap Of(ReadOnlySpan<float> features, int height, int width, LinearHead head, int output)
    {
        int places = height * width;
        if (features.Length != head.Width * places)
            throw new ArgumentException($"{features.Length} values for {head.Width} features at {places} places", nameof(features));
        var values = new double[places];
        Array.Fill(values, head.Biases[output] / places);
        for (int f = 0; f < head.Width; f++)
        {
            double weight = head.Weights[output * head.Width + f] / places;
            var of = features.Slice(f * places, places);
            for (int i = 0; i < places; i++) values[i] += weight * of[i];
        }
        return new(height, width, values);
    }
}
