using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>
/// Turns for what must not cross: removing an image, and beginning to use or naming the same image. Whoever makes a container enters,
/// looks whether the image is still there, writes the container's record and leaves. Not re-entrant.
/// </summary>
public sealed class ImageLocks
{
    // Striped: two images that share a gate only wait a little; nothing has to be counted or thrown away.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<Held> EnterAsync(Digest image, CancellationToken cancellationToken)
    {
        var gate = _gates[(uint)image.GetHashCode() % _gates.Length];
        await gate.WaitAsync(cancellationToken);
        return new Held(gate);
    }

    public readonly struct Held : IDisposable
    {
        private readonly SemaphoreSlim _gate;

        internal Held(SemaphoreSlim gate) => _gate = gate;

        public void Dispose() => _gate.Release();
    }
}
