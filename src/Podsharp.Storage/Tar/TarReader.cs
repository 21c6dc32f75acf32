using Podsharp.Linux.Files;

namespace Podsharp.Storage.Tar;

/// <summary>Receives, in order, every byte of the archive that is not handed out as a file's data.</summary>
internal delegate void TarLiteral(ReadOnlySpan<byte> bytes);

/// <summary>
/// Reads a tar stream once, from beginning to end: ustar, GNU, PAX, v7 and their sparse formats. What is wrong with an archive is
/// an <see cref="InvalidDataException"/>. Data is handed out of the reader's own buffer.
/// </summary>
internal sealed class TarReader(Stream source, TarLiteral? literal = null, int bufferSize = 256 << 10)
{
    private const int MaximumExtendedHeader = 4 << 20;
    private const int MaximumSparseMap = 32 << 20;

    // Small, since what it brings of a large file has to be moved.
    private const int ReadAhead = 64 << 10;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(bufferSize);
    private readonly PaxRecords _global = new();
    private int _start;
    private int _end;
    private long _padding;

    /// <summary>Bytes read from the archive so far.</summary>
    public long Position { get; private set; }

    /// <summary>Stored bytes of the present entry that were not taken yet.</summary>
    public long Remaining { get; private set; }

    /// <summary>Moves to the next entry, passing what is left of the present one as literal; null at the archive's end, which is then read to its last byte.</summary>
    public TarEntry? Next()
    {
        PassData();
        var pax = new PaxRecords();
        pax.CopyFrom(_global);
        byte[]? longName = null, longLink = null;
        while (true)
        {
            if (!TryFill(TarHeader.BlockSize)) return AtEnd();
            var block = _buffer.AsSpan(_start, TarHeader.BlockSize);
            if (TarHeader.IsZero(block)) return AtEnd();
            var fields = TarHeader.Parse(block);
            if (fields.Size < 0) throw new InvalidDataException("the tar archive is damaged: a size is negative");
            switch (fields.Type)
            {
                case 'x': pax.Read(ReadExtension(fields.Size)); break;
                case 'g': _global.Read(ReadExtension(fields.Size)); pax.CopyFrom(_global); break;
                case 'L': longName = Terminated(ReadExtension(fields.Size)); break;
                case 'K': longLink = Terminated(ReadExtension(fields.Size)); break;
                default: return Entry(fields, block.ToArray(), pax, longName, longLink);
            }
        }
    }

    /// <summary>
    /// Of the present entry's stored bytes <paramref name="maximum"/>, or as many as the buffer holds; empty at their end. Valid until the next call.
    /// A large file comes in pieces that begin at multiples of a page: the kernel takes those in half the time.
    /// </summary>
    public ReadOnlySpan<byte> TakeData(long maximum = long.MaxValue)
    {
        if (Remaining == 0 || maximum == 0) return [];
        var length = (int)Math.Min(Math.Min(Remaining, maximum), _buffer.Length);
        if (!TryFill(length)) throw Truncated();
        var data = _buffer.AsSpan(_start, length);
        _start += length;
        Remaining -= length;
        return data;
    }

    private TarEntry Entry(TarFields fields, byte[] block, PaxRecords pax, byte[]? longName, byte[]? longLink)
    {
        Literal(TarHeader.BlockSize);
        var kind = KindOf(fields.Type);
        var stored = pax.Number("size") ?? fields.Size;
        if (stored < 0) throw new InvalidDataException("the tar archive is damaged: a size is negative");
        // Links, directories and devices have no data whatever their size says; archives in the wild set it.
        if (kind is not (TarKind.File or TarKind.Skipped)) stored = 0;
        var (size, extents) = (stored, (IReadOnlyList<TarExtent>?)null);
        (Remaining, _padding) = (stored, Padding(stored));
        if (kind == TarKind.File) (size, extents) = ReadSparse(fields.Type, block, pax, stored);
        var name = pax.Bytes("GNU.sparse.name") ?? pax.Bytes("path") ?? longName ?? fields.Name;
        // Before there was a type for directories, a slash at the name's end said it.
        if (kind == TarKind.File && fields.Type is '0' or '\0' && name.AsSpan().EndsWith("/"u8)) kind = TarKind.Directory;
        return new TarEntry
        {
            Name = PathText.FromBytes(name),
            Kind = kind,
            LinkTarget = PathText.FromBytes(pax.Bytes("linkpath") ?? longLink ?? fields.LinkTarget),
            Mode = fields.Mode & 0xFFF,
            UserId = Owner(pax.Number("uid") ?? fields.UserId),
            GroupId = Owner(pax.Number("gid") ?? fields.GroupId),
            Modified = pax.Time("mtime") ?? new FileTime(fields.Seconds, 0),
            DeviceMajor = (uint)fields.DeviceMajor,
            DeviceMinor = (uint)fields.DeviceMinor,
            Size = size,
            StoredSize = Remaining,
            Extents = extents,
            Attributes = [.. pax.Attributes],
        };
    }

    private static TarKind KindOf(char type) => type switch
    {
        '0' or '\0' or '7' or 'S' => TarKind.File,
        '1' => TarKind.HardLink,
        '2' => TarKind.SymbolicLink,
        '3' => TarKind.CharacterDevice,
        '4' => TarKind.BlockDevice,
        '5' => TarKind.Directory,
        '6' => TarKind.Pipe,
        'V' or 'D' or 'M' or 'N' => TarKind.Skipped,
        _ => throw new InvalidDataException($"the tar archive holds an entry of unknown type {(int)type}"),
    };

    private (long Size, IReadOnlyList<TarExtent>? Extents) ReadSparse(char type, byte[] block, PaxRecords pax, long stored)
    {
        if (type == 'S') return ReadOldSparse(block, stored);
        if (pax.Number("GNU.sparse.major") == 1 && pax.Number("GNU.sparse.minor") == 0)
        {
            var numbers = ReadSparsePrefix();
            return Sparse(numbers, pax.Number("GNU.sparse.realsize") ?? pax.Number("GNU.sparse.size"));
        }

        if (pax.Text("GNU.sparse.map") is { } map) return Sparse(SparseMap.ReadList(map), pax.Number("GNU.sparse.size"));
        return pax.SparseNumbers.Count > 0 ? Sparse(pax.SparseNumbers, pax.Number("GNU.sparse.size")) : (stored, null);
    }

    private (long Size, IReadOnlyList<TarExtent>? Extents) Sparse(IReadOnlyList<long> numbers, long? size)
    {
        if (size is not >= 0) throw new InvalidDataException("the tar archive is damaged: a file with holes has no size");
        return (size.Value, SparseMap.Checked(numbers, size.Value, Remaining));
    }

    private (long Size, IReadOnlyList<TarExtent>? Extents) ReadOldSparse(byte[] block, long stored)
    {
        var numbers = new List<long>();
        SparseMap.ReadOld(block.AsSpan(386, 96), numbers);
        var size = TarHeader.Number(block.AsSpan(483, 12), "real size");
        for (var more = block[482] != 0; more;)
        {
            if (!TryFill(TarHeader.BlockSize)) throw Truncated();
            SparseMap.ReadOld(_buffer.AsSpan(_start, 504), numbers);
            more = _buffer[_start + 504] != 0;
            Literal(TarHeader.BlockSize);
        }

        return (size, SparseMap.Checked(numbers, size, stored));
    }

    private List<long> ReadSparsePrefix()
    {
        var map = new MemoryStream();
        var (lines, wanted) = (0L, long.MaxValue);
        while (lines < wanted)
        {
            if (Remaining < TarHeader.BlockSize || map.Length > MaximumSparseMap || !TryFill(TarHeader.BlockSize)) throw Truncated();
            var block = _buffer.AsSpan(_start, TarHeader.BlockSize);
            map.Write(block);
            if (lines == 0) wanted = SparseMap.LinesOf(block);
            lines += block.Count((byte)'\n');
            Literal(TarHeader.BlockSize);
            Remaining -= TarHeader.BlockSize;
        }

        return SparseMap.ReadPrefix(map.GetBuffer().AsSpan(0, (int)map.Length));
    }

    private byte[] ReadExtension(long size)
    {
        if (size > MaximumExtendedHeader) throw new InvalidDataException("the tar archive holds an extended header of more than 4 MiB");
        Literal(TarHeader.BlockSize);
        var content = new byte[size];
        for (var done = 0; done < size;)
        {
            if (_start == _end && !TryFill(1)) throw Truncated();
            var length = (int)Math.Min(size - done, _end - _start);
            _buffer.AsSpan(_start, length).CopyTo(content.AsSpan(done));
            Literal(length);
            done += length;
        }

        PassPadding(Padding(size));
        return content;
    }

    private void PassData()
    {
        while (Remaining > 0)
        {
            // Taken whether or not somebody wants it.
            var data = TakeData();
            literal?.Invoke(data);
        }

        PassPadding(_padding);
        _padding = 0;
    }

    private void PassPadding(long length)
    {
        if (length == 0) return;
        if (!TryFill((int)length)) throw Truncated();
        Literal((int)length);
    }

    private TarEntry? AtEnd()
    {
        while (_start < _end || TryFill(1)) Literal(_end - _start);
        return null;
    }

    private void Literal(int length)
    {
        literal?.Invoke(_buffer.AsSpan(_start, length));
        _start += length;
    }

    /// <summary>Makes so many bytes ready. False at the stream's end; an archive that ends within a block is truncated.</summary>
    private bool TryFill(int length)
    {
        if (_end - _start >= length) return true;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (_end < length)
        {
            var read = source.Read(_buffer, _end, Math.Min(Math.Max(length, ReadAhead), _buffer.Length) - _end);
            if (read == 0) return _end == 0 ? false : throw Truncated();
            _end += read;
            Position += read;
        }

        return true;
    }

    private static int Padding(long size) => (int)(-size & (TarHeader.BlockSize - 1));

    private static byte[] Terminated(byte[] text) => text.AsSpan().IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;

    private static uint Owner(long id) =>
        id is >= 0 and < uint.MaxValue ? (uint)id : throw new InvalidDataException($"the tar archive is damaged: {id} is no owner");

    private static InvalidDataException Truncated() => new("the tar archive ends in the middle");
}
