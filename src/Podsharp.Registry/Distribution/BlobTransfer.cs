namespace Podsharp.Registry.Distribution;

/// <summary>One answer that a blob's bytes come with.</summary>
/// <param name="Start">Offset of the first byte in the blob.</param>
internal sealed record BlobTransfer(HttpResponseMessage Answer, Stream Body, long Start) : IDisposable
{
    public void Dispose()
    {
        Body.Dispose();
        Answer.Dispose();
    }
}
