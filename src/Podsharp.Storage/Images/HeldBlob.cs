using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Storage.Images;

/// <summary>A blob file, kept from collection; the hold is counted by the store.</summary>
internal sealed class HeldBlob(BlobDescriptor descriptor, string path, Action release) : IHeldBlob
{
    private int _released;

    public BlobDescriptor Descriptor => descriptor;

    public Stream Open() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) release();
    }
}
