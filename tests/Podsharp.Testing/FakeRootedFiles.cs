using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Files below roots, in memory, by path.</summary>
public sealed class FakeRootedFiles : IRootedFiles
{
    public Dictionary<string, string> Texts { get; } = [];

    /// <summary>Directories with owner and mode as made.</summary>
    public Dictionary<string, (uint UserId, uint GroupId, int Mode)> Directories { get; } = [];

    public string? ReadText(string root, string path, int maximum) => Texts.GetValueOrDefault(path);

    public bool DirectoryExists(string root, string path) => Directories.ContainsKey(path);

    public int? DirectoryMode(string root, string path) => Directories.TryGetValue(path, out var made) ? made.Mode : null;

    public void MakeDirectory(string root, string path, uint userId, uint groupId, int mode) => Directories.TryAdd(path, (userId, groupId, mode));

    public void MakeFile(string root, string path) => Texts.TryAdd(path, "");

    public void MakeSymbolicLink(string root, string path, string target) => Texts.TryAdd(path, target);

    public PathKind KindOf(string root, string path) =>
        Directories.ContainsKey(path) ? PathKind.Directory : Texts.ContainsKey(path) ? PathKind.File : PathKind.None;
}
