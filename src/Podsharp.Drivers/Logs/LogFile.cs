using Microsoft.Win32.SafeHandles;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.Logs;

/// <summary>A log being read in blocks, one of its files after the other.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private SafeFileHandle? _file;

    // Open, so that no later file has its inode.
    private SafeFileHandle? _compressed;
    private LogPart _part;
    private ulong _last;
    private byte[] _buffer = new byte[256 * 1024];
    private long _position;
    private int _start;
    private int _length;

    public string Path => path;

    /// <param name="tail">Lines from the end; null: all. A log that is not there yet is empty.</param>
    public void Open(int? tail)
    {
        var parts = LogParts.Of(path);
        if (parts.Count == 0) return;
        _last = parts[^1].Inode;
        if (tail is { } lines) OpenTail(parts, lines);
        else TryOpen(parts[0]);
        // Just then dropped for a newer one.
        if (_file is null) MoveToSuccessor();
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

    /// <summary>Goes on with the next file, where there is one. Call when this one has been read to its end.</summary>
    public bool MoveToSuccessor()
    {
        if (_file is not null && FileHandles.Status(path)?.Inode == _part.Inode) return false;
        foreach (var part in LogParts.Of(path))
        {
            // A file that was replaced before it got its link has left its number to another; one that was compressed has it still.
            if (part.Inode == _part.Inode || part.Number < _part.Number || (part.Compressed && part.Number == _part.Number)) continue;
            if (TryOpen(part)) return true;
        }

        return false;
    }

    /// <summary>As <see cref="MoveToSuccessor"/>, but not beyond the file that was the last one when the log was opened.</summary>
    public bool MoveToSuccessorOfThen() => _file is not null && _part.Inode != _last && MoveToSuccessor();

    public void Dispose()
    {
        _file?.Dispose();
        _compressed?.Dispose();
    }

    private void OpenTail(IReadOnlyList<LogPart> parts, int lines)
    {
        for (var index = parts.Count - 1; index >= 0; index--)
        {
            if (!TryOpen(parts[index])) return;
            (_position, var found) = LogTail.Start(_file!, lines);
            lines -= found;
            if (lines <= 0) return;
        }
    }

    private bool TryOpen(LogPart part)
    {
        if (TryOpenAsIs(part)) return true;
        // Compressed since it was looked up, or dropped.
        return !part.Compressed && TryOpenAsIs(part with { Path = part.Path + LogCompression.Ending, Compressed = true });
    }

    private bool TryOpenAsIs(LogPart part)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(part.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var inode = FileHandles.Status(file).Inode;
            var content = part.Compressed ? LogCompression.Decompress(file, System.IO.Path.GetDirectoryName(path)!) : file;
            Dispose();
            (_file, _compressed, _part) = (content, part.Compressed ? file : null, part with { Inode = inode });
            (_position, _start, _length) = (0, 0, 0);
            return true;
        }
        catch (Exception failure) when (failure is FileNotFoundException or InvalidDataException)
        {
            // Not there, or damaged: the other files are read.
            file?.Dispose();
            return false;
        }
    }

    private void Compact()
    {
        var rest = _length - _start;
        if (_start > 0) _buffer.AsSpan(_start, rest).CopyTo(_buffer);
        (_start, _length) = (0, rest);
        if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
