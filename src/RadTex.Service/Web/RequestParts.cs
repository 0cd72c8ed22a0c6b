using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace RadTex.Service.Web;

/// <summary>The parts of a request's body, one after the other, as they arrive: the whole body where it is not in parts.</summary>
internal static class RequestParts
{
    private const int LongestBoundary = 256, LongestHeaders = 16 << 10, MostHeaders = 16, MostParts = 1000;

    /// <exception cref="BadHttpRequestException">The parts are broken or too many.</exception>
    internal static async IAsyncEnumerable<Stream> ReadAsync(
        HttpRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase))
        {
            yield return request.Body;
            yield break;
        }
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= LongestBoundary }) throw new BadHttpRequestException("no boundary", 400);
        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = MostHeaders, HeadersLengthLimit = LongestHeaders };
        for (int count = 0; await reader.ReadNextSectionAsync(cancellation).ConfigureAwait(false) is { } section; count++)
        {
            if (count == MostParts) throw new BadHttpRequestException("too many parts", 413);
            yield return section.Body;
        }
    }
}
