namespace RadTex.Studio.Web;

/// <summary>A key that a reader pressed.</summary>
/// <param name="Finding">Which finding.</param>
/// <param name="Picture">The picture's hash.</param>
/// <param name="Value">A class, "uncertain" or "not assessable".</param>
/// <param name="Pick">The event that asked for it; null for an answer given anew on one's own account.</param>
/// <param name="IsSure">Whether the reader was sure.</param>
/// <param name="Milliseconds">How long the picture was in view.</param>
/// <param name="Window">The window used.</param>
/// <param name="Reason">Why it is not assessable.</param>
internal sealed record AnswerRequest(
    string Finding, string Picture, string Value, long? Pick, bool IsSure = false, long? Milliseconds = null, string? Window = null,
    string? Reason = null);

/// <summary>A picture of a finding.</summary>
/// <param name="Finding">Which finding.</param>
/// <param name="Picture">The picture's hash.</param>
internal sealed record PictureRequest(string Finding, string Picture);

/// <summary>What is done to a finding.</summary>
/// <param name="Finding">Which finding.</param>
internal sealed record FindingRequest(string Finding);

/// <summary>What readers who disagreed came to.</summary>
/// <param name="Finding">Which finding.</param>
/// <param name="Picture">The picture's hash.</param>
/// <param name="Value">A class, "uncertain" or "not assessable".</param>
/// <param name="Meeting">Whether a meeting of the readers came to it, rather than one adjudicator.</param>
internal sealed record SettleRequest(string Finding, string Picture, string Value, bool Meeting = false);
