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
        var gate = _gates[IndexOf(image)];
        await gate.WaitAsync(cancellationToken);
        return new Held([gate]);
    }

    /// <summary>Several at once, in one order for all, so that no two wait for each other.</summary>
    public async ValueTask<Held> EnterAsync(IEnumerable<Digest> images, CancellationToken cancellationToken)
    {
        var entered = new List<SemaphoreSlim>();
        try
        {
            foreach (var index in images.Select(IndexOf).Distinct().Order())
            {
                await _gates[index].WaitAsync(cancellationToken);
                entered.Add(_gates[index]);
            }
        }
        catch
        {
            new Held(entered).Dispose();
            throw;
        }

        return new Held(entered);
    }

    private int IndexOf(Digest image) => (int)((uint)image.GetHashCode() % _gates.Length);

    public readonly struct Held : IDisposable
    {
        private readonly IReadOnlyList<SemaphoreSlim> _gates;

        internal Held(IReadOnlyList<SemaphoreSlim> gates) => _gates = gates;

        public void Dispose()
        {
            foreach (var gate in _gates) gate.Release();
        }
    }
}
