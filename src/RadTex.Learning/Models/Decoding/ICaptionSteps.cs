using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>Captions that grow together, a row each, and what is kept of the tokens fed so far.</summary>
public interface ICaptionSteps : IDisposable
{
    /// <summary>Feeds each row's next token and returns the log-probabilities of the one after it, [R, V], a tensor of the caller's own.</summary>
    public Tensor Next(IReadOnlyList<int> tokens);

    /// <summary>Row i goes on from row <c>parents[i]</c>. Rows without a successor end.</summary>
    /// <param name="parents">Rows of now, those of an image together and the images in their order.</param>
    public void Keep(IReadOnlyList<int> parents);

    /// <summary>Forgets the tokens fed; the images stay.</summary>
    public void Forget();
}
