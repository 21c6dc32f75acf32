using System.Diagnostics.CodeAnalysis;

namespace Podsharp.Storage.Streams;

/// <summary>
/// Hands things from one thread to another. Who waits sleeps at once: the framework's own collection spins and yields before it
/// does, which on a small machine takes the processor from the very thread that is waited for.
/// </summary>
internal sealed class Handover<T>
{
    private readonly object _gate = new();
    private readonly Queue<T> _things = new();
    private bool _ended;

    /// <summary>Never waits: a bound comes from the number of things that go round.</summary>
    public void Give(T thing)
    {
        lock (_gate)
        {
            _things.Enqueue(thing);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Nothing more will be given; what was given can still be taken.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the next thing; false when there will be none.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T thing)
    {
        lock (_gate)
        {
            while (_things.Count == 0 && !_ended) Monitor.Wait(_gate);
            return _things.TryDequeue(out thing);
        }
    }
}
