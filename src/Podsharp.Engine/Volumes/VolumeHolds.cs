using Podsharp.Core.Errors;

namespace Podsharp.Engine.Volumes;

/// <summary>Volumes that a container about to be made will use: nobody may remove them meanwhile. Thread-safe.</summary>
public sealed class VolumeHolds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _held = [];
    private readonly HashSet<string> _leaving = [];

    /// <summary>Conflict when the volume is being removed at this moment.</summary>
    public void Hold(string name)
    {
        lock (_lock)
        {
            if (_leaving.Contains(name)) throw EngineException.Conflict($"volume {name} is being removed: try again");
            _held[name] = _held.GetValueOrDefault(name) + 1;
        }
    }

    public void Release(string name)
    {
        lock (_lock)
        {
            if (--_held[name] == 0) _held.Remove(name);
        }
    }

    /// <summary>Marks the volume as leaving until <see cref="Left"/>; false when it is held or leaving already.</summary>
    internal bool TryLeave(string name)
    {
        lock (_lock) return !_held.ContainsKey(name) && _leaving.Add(name);
    }

    internal void Left(string name)
    {
        lock (_lock) _leaving.Remove(name);
    }
}
