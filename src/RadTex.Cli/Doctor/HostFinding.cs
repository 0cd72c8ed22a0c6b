namespace RadTex.Cli.Doctor;

/// <summary>One thing looked at on this machine.</summary>
/// <param name="Part">Such as "processor".</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Found">What is there.</param>
/// <param name="Cure">What to do where it is not as it should be; null where nothing need be done.</param>
internal sealed record HostFinding(string Part, Verdict Verdict, string Found, string? Cure = null);
