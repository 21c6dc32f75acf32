using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Images;

/// <summary>Blobs by digest. A blob's name is given to it only when it is complete.</summary>
internal sealed class BlobStore(StorePaths paths, Staging staging)
{
    public Digest Write(ReadOnlySpan<byte> content)
    {
        var digest = Digest.FromHash(SHA256.HashData(content));
        var path = paths.Blob(digest);
        if (File.Exists(path)) return digest;
        var staged = staging.NewPath();
        try
        {
            File.WriteAllBytes(staged, content);
            File.Move(staged, path, overwrite: true);
        }
        catch
        {
            staging.Remove(staged);
            throw;
        }

        return digest;
    }

    public byte[]? Read(Digest digest)
    {
        try
        {
            return File.ReadAllBytes(paths.Blob(digest));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Remove(Digest digest) => File.Delete(paths.Blob(digest));

    public IEnumerable<Digest> All()
    {
        foreach (var path in Directory.EnumerateFiles(paths.Blobs))
        {
            if (Digest.TryParse("sha256:" + Path.GetFileName(path), out var digest)) yield return digest;
        }
    }
}
