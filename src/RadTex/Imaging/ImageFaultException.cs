namespace RadTex.Imaging;

/// <summary>An image file that cannot be used, with its kind of fault. The message says what was found; the caller knows the file.</summary>
public sealed class ImageFaultException : Exception
{
    /// <summary>A fault of a given kind.</summary>
    /// <param name="fault">What is wrong with the file.</param>
    /// <param name="message">What was found, without the file's name.</param>
    /// <param name="inner">What a decoder threw; null for none.</param>
    public ImageFaultException(ImageFault fault, string message, Exception? inner = null) : base(message, inner) => Fault = fault;

    /// <summary>A file that a decoder gave up on: <see cref="ImageFault.Unreadable"/>.</summary>
    public ImageFaultException(string message, Exception inner) : base(message, inner) { }

    /// <summary>A damaged file: <see cref="ImageFault.Unreadable"/>.</summary>
    public ImageFaultException(string message) : base(message) { }

    /// <summary>A damaged file of which nothing more is known: <see cref="ImageFault.Unreadable"/>.</summary>
    public ImageFaultException() { }

    /// <summary>What is wrong with the file.</summary>
    public ImageFault Fault { get; }
}
