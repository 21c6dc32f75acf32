using System.Text;
using Podsharp.Core.Runtime;

namespace Podsharp.Engine.Health;

/// <summary>What a probe writes: its beginning is kept, the rest is read and dropped, so that the probe never waits for a reader.</summary>
internal sealed class ProbeOutput
{
    private const int Maximum = 4096;
    private readonly byte[] _kept = new byte[Maximum];
    private int _length;
    private bool _longer;

    /// <summary>Returns when the probe has closed its output.</summary>
    public async Task ReadAsync(IStdio stdio, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024];
        while (await stdio.ReadAsync(buffer, cancellationToken) is { Count: > 0 } read)
        {
            var room = Math.Min(read.Count, Maximum - _length);
            buffer.AsSpan(0, room).CopyTo(_kept.AsSpan(_length));
            _length += room;
            _longer |= room < read.Count;
        }
    }

    public override string ToString() => Encoding.UTF8.GetString(_kept, 0, _length) + (_longer ? "..." : "");
}
