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

    /// <summary>The map between its places, bilinearly; beyond the outermost ones it goes on as there.</summary>
    /// <param name="y">Down, 0 in the middle of the first place.</param>
    /// <param name="x">Across.</param>
    public double At(double y, double x)
    {
        (y, x) = (Math.Clamp(y, 0, Height - 1), Math.Clamp(x, 0, Width - 1));
        int top = Math.Min((int)y, Math.Max(0, Height - 2)), left = Math.Min((int)x, Math.Max(0, Width - 2));
        int below = Math.Min(top + 1, Height - 1), right = Math.Min(left + 1, Width - 1);
        double down = y - top, across = x - left;
        double Between(int row) => Values[row * Width + left] * (1 - across) + Values[row * Width + right] * across;
        return Between(top) * (1 - down) + Between(below) * down;
    }

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
