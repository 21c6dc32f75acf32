using Microsoft.Win32.SafeHandles;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>Extended attributes of layers' files: which are taken, and whose refusal by the file system is no fault of the layer.</summary>
internal static class LayerAttributes
{
    public const int NotPermitted = 1;

    public static bool InUserNamespace => OverlayMount.UsesUserAttributes;

    public static string Opaque => InUserNamespace ? "user.overlay.opaque" : "trusted.overlay.opaque";

    /// <summary>Overlay's own attributes would let a layer say where its files come from.</summary>
    public static bool IsPrivate(string name) =>
        name.StartsWith("trusted.overlay.", StringComparison.Ordinal) || name.StartsWith("user.overlay.", StringComparison.Ordinal);

    public static void Set(SafeFileHandle file, TarEntry entry)
    {
        foreach (var (name, value) in entry.Attributes)
        {
            if (!IsPrivate(name)) Tolerantly(name, () => ExtendedAttributes.Set(file, name, value));
        }
    }

    public static void Set(DirectoryHandle directory, string child, TarEntry entry)
    {
        foreach (var (name, value) in entry.Attributes)
        {
            if (!IsPrivate(name)) Tolerantly(name, () => ExtendedAttributes.Set(directory, child, name, value));
        }
    }

    private static void Tolerantly(string name, Action set)
    {
        try
        {
            set();
        }
        catch (SystemCallException e) when (e.ErrorNumber == ExtendedAttributes.NotSupported
            || (e.ErrorNumber is NotPermitted or ErrorNumber.Invalid
                && (InUserNamespace || !name.StartsWith("security.capability", StringComparison.Ordinal))))
        {
            // user.* on links and devices, labels of a security module that is not here: the kernel has no place for them.
        }
    }
}
