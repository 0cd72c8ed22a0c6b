namespace RadTex.Studies;

/// <summary>Where findings lie in the radiographs of a set, for scoring maps against them.</summary>
public interface IKnownPlaces
{
    /// <summary>Where the set is, for messages.</summary>
    public string Source { get; }

    /// <summary>The boxes of a radiograph, in pixels of its file; none where nothing is to be seen.</summary>
    public IEnumerable<FindingBox> Of(string imageId);

    /// <summary>The size of a radiograph's file; null where the set has no such radiograph.</summary>
    public (int Height, int Width)? SizeOf(string imageId);
}
