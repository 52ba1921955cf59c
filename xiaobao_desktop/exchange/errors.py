"""Why a file could not be read as a table: what happened, with which file, what to do.

Every class takes ``file`` (the bare file name) unless its sentence says otherwise. The docstring is the message.
The reading child process names a class and its values; :data:`REFUSALS` turns the name back into the class.
"""

from __future__ import annotations

from typing import Final

from xiaobao_desktop.errors import UserError


class FileRefused(UserError):
    """“{file}”没有读入：{reason}。"""


class FileMissing(FileRefused):
    """没有找到文件“{file}”。请看看它是否改了名、移了位置，或者 U 盘是否已经拔出。"""


class FileLocked(FileRefused):
    """“{file}”现在不能读：可能正被 WPS 或 Excel 打开，或者没有读取权限。请先关掉它，或复制到“文档”里再导入。"""


class FileEmpty(FileRefused):
    """“{file}”是空的，里面没有内容。请核对是否选对了文件。"""


class FileUnreadable(FileRefused):
    """“{file}”打不开：{reason}。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。"""


class FileTooLarge(FileRefused):
    """“{file}”太大：{reason}。请删去多余的工作表和图片，或拆成几个文件分别导入。"""


class FileEncrypted(FileRefused):
    """“{file}”设有打开密码。请在 WPS 或 Excel 里用密码打开，去掉密码另存一份，再导入。"""


class NotAWorkbook(FileRefused):
    """“{file}”不是表格文件：{reason}。可以导入 .xlsx、.xls、.ods、.csv 和 .tsv。"""


class FileHostile(FileRefused):
    """“{file}”的内部结构不对（{reason}），为安全起见没有读。请用 WPS 打开，把内容复制到一张新表里另存，再导入。"""


class FileTimeout(FileRefused):
    """读“{file}”超过 {seconds} 秒，已经停下。请删去多余的工作表、空行和图片，或拆成几个文件分别导入。"""


class EncodingUnknown(FileRefused):
    """认不出“{file}”的文字编码（{reason}）。请用 WPS 打开它，另存为 .xlsx 后再导入。"""


class ReadCancelled(FileRefused):
    """已取消读取“{file}”，台账没有变动。"""


class ReaderNotStarted(FileRefused):
    """没有读“{file}”：读表格的部分没有启动起来（{reason}）。请重新打开小保再试，仍不行请重新安装。"""


class HeaderNotFound(UserError):
    """工作表“{sheet}”里没有认出表头。请确认前 8 行里有一行写着各列的名称，例如“收到日期”“投诉人”。"""


REFUSALS: Final[dict[str, type[FileRefused]]] = {
    refusal.__name__: refusal
    for refusal in (
        FileMissing,
        FileLocked,
        FileEmpty,
        FileUnreadable,
        FileTooLarge,
        FileEncrypted,
        NotAWorkbook,
        FileHostile,
        FileTimeout,
        EncodingUnknown,
    )
}
