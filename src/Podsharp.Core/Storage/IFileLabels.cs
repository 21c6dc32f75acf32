namespace Podsharp.Core.Storage;

/// <summary>Labels of SELinux on the host's files. Only asked where the host has SELinux.</summary>
public interface IFileLabels
{
    /// <summary>Null when the file has none, or its file system knows of none.</summary>
    string? LabelOf(string path);

    /// <summary>
    /// Labels what a path leads to and, of a directory, all below it. Links below are labelled themselves and never followed. What knows of no
    /// labels is passed over. Internal with a word about it when the path is one of the machine's own directories, or the kernel refuses.
    /// </summary>
    Task RelabelAsync(string path, string label, CancellationToken cancellationToken);
}
