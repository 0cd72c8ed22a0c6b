namespace RadTex.Imaging;

/// <summary>An image file that cannot be used, with its kind of fault. The message says what was found; the caller knows the file.</summary>
public sealed class ImageFaultException : Exception
{
    public ImageFaultException(ImageFault fault, string message, Exception? inner = null) : base(message, inner) => Fault = fault;

    public ImageFaultException(string message, Exception inner) : base(message, inner) { }

    public ImageFaultException(string message) : base(message) { }

    public ImageFaultException() { }

    public ImageFault Fault { get; }
}
