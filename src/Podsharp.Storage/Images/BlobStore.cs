using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Core.Storage;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Images;

/// <summary>
/// Blobs by digest. A blob's name is given to it only when it is complete. Layers' blobs are a cache under a budget: those that were not used
/// for longest go first, held ones never.
/// </summary>
internal sealed class BlobStore
{
    private readonly StorePaths _paths;
    private readonly Staging _staging;
    private readonly long _budget;
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, int> _holds = [];
    private readonly BlobCache _cache = new();
    private readonly HashSet<string> _staged = [];

    /// <param name="budget">Most bytes of layers' blobs to keep; 0 keeps none.</param>
    public BlobStore(StorePaths paths, Staging staging, long budget)
    {
        (_paths, _staging, _budget) = (paths, staging, budget);
        staging.Room.GiveUp = GiveUp;
    }

    /// <summary>Bytes of layers' blobs that are kept and could be given up.</summary>
    public long CachedBytes
    {
        get
        {
            lock (_gate) return _cache.Bytes;
        }
    }

    /// <summary>Bytes of a layer's blob that is kept, else 0.</summary>
    public long CachedSize(Digest digest)
    {
        lock (_gate) return _cache.SizeOf(digest);
    }

    /// <summary>Whether a layer's blob should be kept beside what is extracted from it: not where the disk is short.</summary>
    public bool MayKeepLayer() => _budget > 0 && _staging.Room.TryMake();

    /// <summary>A new path for a blob in the staging area, which is given up before the disk gets short.</summary>
    public string Stage()
    {
        var path = _staging.NewPath();
        lock (_gate) _staged.Add(path);
        return path;
    }

    public bool IsStaged(string path)
    {
        lock (_gate) return _staged.Contains(path);
    }

    /// <summary>Removes a staged blob that was not taken.</summary>
    public void Unstage(string path)
    {
        lock (_gate) _staged.Remove(path);
        File.Delete(path);
    }

    /// <summary>Takes a layer's staged blob whose digest has been proven. Gone, it was given up, or has been taken already: two images may have waited for one layer.</summary>
    public void Take(Digest digest, string stagedPath)
    {
        lock (_gate)
        {
            var staged = new FileInfo(stagedPath);
            if (!staged.Exists) return;
            if (staged.Length > _budget) staged.Delete();
            else Accept(digest, stagedPath);
        }

        Trim();
    }

    /// <summary>As <see cref="Take"/>; the blob is held although nothing on record uses it yet, and kept that long whatever the budget.</summary>
    public HeldBlob TakeHeld(Digest digest, string stagedPath)
    {
        HeldBlob held;
        lock (_gate)
        {
            Accept(digest, stagedPath);
            held = Hold(digest, new FileInfo(_paths.Blob(digest)).Length);
        }

        Trim();
        return held;
    }

    /// <summary>Null when there is no such blob.</summary>
    public HeldBlob? TryHold(Digest digest)
    {
        lock (_gate)
        {
            var file = new FileInfo(_paths.Blob(digest));
            if (!file.Exists) return null;
            var now = DateTime.UtcNow;
            // The time of the file tells the next service.
            if (_cache.Use(digest, now)) file.LastWriteTimeUtc = now;
            return Hold(digest, file.Length);
        }
    }

    /// <summary>Learns which of these layers' blobs are there, once at start.</summary>
    public void Learn(IEnumerable<Digest> layerBlobs)
    {
        foreach (var digest in layerBlobs)
        {
            lock (_gate)
            {
                var file = new FileInfo(_paths.Blob(digest));
                if (file.Exists) _cache.Add(digest, file.Length, file.LastWriteTimeUtc);
            }
        }

        Trim();
    }

    /// <summary>Gives up layers' blobs, but for held and spared ones, until so many bytes are free.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long Evict(long bytes, Func<Digest, bool> spared)
    {
        long freed = 0;
        lock (_gate)
        {
            foreach (var (digest, size) in _cache.LeastRecentFirst())
            {
                if (freed >= bytes) break;
                if (_holds.ContainsKey(digest) || spared(digest)) continue;
                RemoveFile(digest);
                freed += size;
            }
        }

        return freed;
    }

    public Digest Write(byte[] content) => _staging.Room.InRoom(() => TryWrite(content));

    public byte[]? Read(Digest digest)
    {
        try
        {
            return File.ReadAllBytes(_paths.Blob(digest));
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
            if (!_holds.ContainsKey(digest)) RemoveFile(digest);
        }
    }

    public IEnumerable<Digest> All()
    {
        foreach (var path in Directory.EnumerateFiles(_paths.Blobs))
        {
            if (Digest.TryParse("sha256:" + Path.GetFileName(path), out var digest)) yield return digest;
        }
    }

    private Digest TryWrite(byte[] content)
    {
        var digest = Digest.FromHash(SHA256.HashData(content));
        var path = _paths.Blob(digest);
        if (File.Exists(path)) return digest;
        var staged = _staging.NewPath();
        try
        {
            File.WriteAllBytes(staged, content);
            File.Move(staged, path, overwrite: true);
        }
        catch
        {
            _staging.Remove(staged);
            throw;
        }

        return digest;
    }

    private void GiveUp(long bytes)
    {
        if (Evict(bytes, static _ => false) >= bytes) return;
        lock (_gate)
        {
            foreach (var path in _staged) File.Delete(path);
            _staged.Clear();
        }
    }

    private void Trim()
    {
        if (CachedBytes is var cached and > 0 && Math.Max(cached - _budget, _staging.Room.Missing) is var excess and > 0) Evict(excess, static _ => false);
    }

    private void Accept(Digest digest, string stagedPath)
    {
        var path = _paths.Blob(digest);
        File.Move(stagedPath, path, overwrite: true);
        _cache.Add(digest, new FileInfo(path).Length, DateTime.UtcNow);
    }

    private void RemoveFile(Digest digest)
    {
        File.Delete(_paths.Blob(digest));
        _cache.Remove(digest);
    }

    private HeldBlob Hold(Digest digest, long size)
    {
        _holds[digest] = _holds.GetValueOrDefault(digest) + 1;
        return new HeldBlob(new BlobDescriptor(digest, size), _paths.Blob(digest), () => Release(digest));
    }

    private void Release(Digest digest)
    {
        lock (_gate)
        {
            if (--_holds[digest] == 0) _holds.Remove(digest);
        }

        Trim();
    }
}
