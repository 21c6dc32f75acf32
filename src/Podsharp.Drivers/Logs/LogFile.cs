using Microsoft.Win32.SafeHandles;

namespace Podsharp.Drivers.Logs;

/// <summary>A log file being read in blocks. conmon replaces it with a new one of the same name when it has grown too large.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private SafeFileHandle? _file;
    private string? _identity;
    private byte[] _buffer = new byte[256 * 1024];
    private long _position;
    private int _start;
    private int _length;

    public string Path => path;

    /// <param name="tail">Lines from the end; null: all. A log that is not there yet is empty.</param>
    public void Open(int? tail)
    {
        _file?.Dispose();
        _file = null;
        (_position, _start, _length) = (0, 0, 0);
        if (!File.Exists(path)) return;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _identity = Identity(_file);
        if (tail is { } lines) _position = LogTail.Start(_file, lines);
    }

    /// <summary>Reads the next block behind what is left of the last; false when there is nothing more now.</summary>
    public bool Fill()
    {
        if (_file is null) return false;
        Compact();
        var read = RandomAccess.Read(_file, _buffer.AsSpan(_length), _position);
        if (read == 0 && RandomAccess.GetLength(_file) < _position)
        {
            // Truncated in place.
            (_position, _start, _length) = (0, 0, 0);
            read = RandomAccess.Read(_file, _buffer, 0);
        }

        _position += read;
        _length += read;
        return read > 0;
    }

    /// <summary>Gives the whole lines that are here to the writer; true when it wants to flush before it takes more.</summary>
    public bool TakeLines(LogWriter writer)
    {
        var rest = _buffer.AsSpan(_start, _length - _start);
        for (int end; !writer.WantsFlush && (end = rest.IndexOf((byte)'\n')) >= 0;)
        {
            writer.Write(rest[..end]);
            rest = rest[(end + 1)..];
            _start += end + 1;
        }

        return writer.WantsFlush;
    }

    /// <summary>When another file has taken this one's name: goes on at its beginning. Call when this one has been read to its end.</summary>
    public bool MoveToSuccessor()
    {
        if (_file is not null && Identity(_file) == _identity) return false;
        if (!File.Exists(path)) return false;
        Open(tail: null);
        return true;
    }

    public void Dispose() => _file?.Dispose();

    private void Compact()
    {
        var rest = _length - _start;
        if (_start > 0) _buffer.AsSpan(_start, rest).CopyTo(_buffer);
        (_start, _length) = (0, rest);
        if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    // The kernel's name for an open file changes when it is renamed or replaced.
    private static string? Identity(SafeFileHandle file) => new FileInfo($"/proc/self/fd/{(int)file.DangerousGetHandle()}").LinkTarget;
}
