namespace RadTex.Phantoms;

/// <summary>Where a drawn lesion lies, in whole pixels of the radiograph; both corners belong to it.</summary>
public sealed record PhantomBox(PhantomFinding Finding, int XMin, int YMin, int XMax, int YMax, string Site, float Contrast);
