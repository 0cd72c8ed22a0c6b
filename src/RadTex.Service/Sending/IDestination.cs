namespace RadTex.Service.Sending;

/// <summary>Where results go. To send what is there already is success.</summary>
internal interface IDestination : IDisposable
{
    public string Name { get; }

    /// <summary>Sends a file.</summary>
    /// <param name="path">A DICOM file of the spool.</param>
    /// <param name="uid">Its SOP instance UID.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <returns>Null where it arrived; else why not, in words of our own.</returns>
    public Task<string?> SendAsync(string path, string uid, CancellationToken cancellation);
}
