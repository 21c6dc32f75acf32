namespace Podsharp.Linux.Files;

public enum FileKind
{
    Regular = 0x8000,
    Directory = 0x4000,
    SymbolicLink = 0xA000,
    CharacterDevice = 0x2000,
    BlockDevice = 0x6000,
    Pipe = 0x1000,
    Socket = 0xC000,
}

/// <summary>What statx(2) tells of a file.</summary>
/// <param name="Mode">Permission bits with set-id and sticky, without the kind.</param>
/// <param name="Blocks">Units of 512 bytes taken on disk.</param>
public readonly record struct FileStatus(
    FileKind Kind,
    int Mode,
    uint UserId,
    uint GroupId,
    long Size,
    long Blocks,
    FileTime Modified,
    ulong Inode,
    uint Links,
    uint DeviceMajor,
    uint DeviceMinor,
    ulong FileSystem)
{
    internal static FileStatus From(in FileCalls.StatusRecord record) => new(
        (FileKind)(record.Mode & 0xF000),
        record.Mode & 0xFFF,
        record.UserId,
        record.GroupId,
        (long)record.Size,
        (long)record.Blocks,
        new FileTime(record.Modified.Seconds, record.Modified.Nanoseconds),
        record.Inode,
        record.Links,
        record.DeviceMajor,
        record.DeviceMinor,
        ((ulong)record.FileSystemMajor << 32) | record.FileSystemMinor);
}

/// <summary>Seconds since 1970 and nanoseconds of that second.</summary>
public readonly record struct FileTime(long Seconds, uint Nanoseconds);
