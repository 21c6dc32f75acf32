using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Core.Storage;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Images;

/// <summary>Blobs by digest. A blob's name is given to it only when it is complete.</summary>
internal sealed class BlobStore(StorePaths paths, Staging staging)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, int> _holds = [];

    /// <summary>Layers' blobs are kept beside what was extracted from them.</summary>
    public bool KeepsLayers => true;

    /// <summary>Takes a staged file whose digest has been proven. Gone, it has been taken already: two images may have waited for one layer.</summary>
    public void Take(Digest digest, string stagedPath)
    {
        if (File.Exists(stagedPath)) File.Move(stagedPath, paths.Blob(digest), overwrite: true);
    }

    /// <summary>As <see cref="Take"/>; the blob is held although nothing on record uses it yet.</summary>
    public HeldBlob TakeHeld(Digest digest, string stagedPath)
    {
        lock (_gate)
        {
            Take(digest, stagedPath);
            return Hold(digest, new FileInfo(paths.Blob(digest)).Length);
        }
    }

    /// <summary>Null when there is no such blob.</summary>
    public HeldBlob? TryHold(Digest digest)
    {
        lock (_gate)
        {
            var file = new FileInfo(paths.Blob(digest));
            return file.Exists ? Hold(digest, file.Length) : null;
        }
    }

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

    /// <summary>Leaves what is held.</summary>
    public void Remove(Digest digest)
    {
        lock (_gate)
        {
            if (!_holds.ContainsKey(digest)) File.Delete(paths.Blob(digest));
        }
    }

    public IEnumerable<Digest> All()
    {
        foreach (var path in Directory.EnumerateFiles(paths.Blobs))
        {
            if (Digest.TryParse("sha256:" + Path.GetFileName(path), out var digest)) yield return digest;
        }
    }

    private HeldBlob Hold(Digest digest, long size)
    {
        _holds[digest] = _holds.GetValueOrDefault(digest) + 1;
        return new HeldBlob(new BlobDescriptor(digest, size), paths.Blob(digest), () => Release(digest));
    }

    private void Release(Digest digest)
    {
        lock (_gate)
        {
            if (--_holds[digest] == 0) _holds.Remove(digest);
        }
    }
}
