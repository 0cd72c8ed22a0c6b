namespace RadTex.Phantoms;

/// <summary>Where a drawn lesion lies, in whole pixels of the radiograph; both corners belong to it.</summary>
/// <param name="Finding">What the lesion is of.</param>
/// <param name="XMin">Its first column; 0 is the picture's left edge.</param>
/// <param name="YMin">Its first row; 0 is the upper edge.</param>
/// <param name="XMax">Its last column.</param>
/// <param name="YMax">Its last row.</param>
/// <param name="Site">The zone ("lower", "retrocardiac"), the kind of device, "bilateral" for edema; empty where a finding has one site only.</param>
/// <param name="Contrast">How plainly the lesion is drawn, 0 to 1.</param>
public sealed record PhantomBox(PhantomFinding Finding, int XMin, int YMin, int XMax, int YMax, string Site, float Contrast);
