"""What can go wrong with a book, each with the sentence the officer reads."""

from __future__ import annotations

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import DiskFull


class WrongPassword(UserError):
    """密码不对。请检查大小写和输入法后再试一次；忘记密码时，可以用打印的恢复密钥打开。"""


class KeyFileMissing(UserError):
    """{folder} 里没有钥匙文件 keys.json，台账打不开。请把原来的 keys.json 放回这个文件夹，或从备份恢复。"""


class KeyFileDamaged(UserError):
    """钥匙文件 {file} 有损坏，台账暂时打不开，内容没有改动。请从备份恢复。"""


class BookExists(UserError):
    """{folder} 里已经有一本台账，没有新建，原来的没有改动。请直接打开它，或换一个文件夹新建。"""


class BookMissing(UserError):
    """{folder} 里没有台账。请选择台账所在的文件夹，或新建台账，或从备份恢复。"""


class BookEmpty(UserError):
    """台账文件 {file} 是空的，里面没有任何内容。请从最近的备份恢复。"""


class BookForeign(UserError):
    """{file} 不是这把钥匙能打开的小保台账，没有打开，也没有改动。请检查选的文件夹对不对，文件被换过的请从备份恢复。"""


class BookNewer(UserError):
    """这本台账由更新版本的小保保存（第 {found} 版，本程序只认到第 {known} 版），没有打开，也没有改动。请先升级小保。"""


class BookDamaged(UserError):
    """台账文件 {file} 有损坏：{reason}。请先不要再记录，把整个文件夹复制一份留存，再从最近的备份恢复。"""


class BookInUse(UserError):
    """这本台账（{folder}）正在另一个小保窗口里使用。请先关掉那个窗口，再打开。"""


class BookLocked(UserError):
    """小保已经锁定，这一步没有做。请先输入密码解锁，再做一次。"""


class BookReadOnly(UserError):
    """台账所在的文件夹 {folder} 不能写入。请把整个文件夹复制到本机硬盘再打开，或请管理员放开写入权限。"""


class BookUnreachable(UserError):
    """读写台账文件 {file} 时磁盘出错，这一步没有保存，以前保存的都在。请检查磁盘是否接好，再重新打开台账。"""


class BookDiskFull(DiskFull):
    """磁盘满了，这一步没有保存，已经保存的内容都在。请先删掉不用的文件、腾出磁盘空间，再保存一次。"""


class BackupMissing(UserError):
    """没有找到备份文件 {file}。请检查 U 盘是否接好，或换一个备份文件。"""


class BackupDamaged(UserError):
    """备份文件 {file} 不能用：{reason}。现在的台账没有改动。请换一个备份文件再恢复。"""


class BackupForOfficer(UserError):
    """没有恢复：{name}是查阅人员，不能恢复备份。现在的台账没有改动。请由消保专员输入自己的密码来恢复。"""


class BackupNotMade(UserError):
    """备份没有做成：{reason}。请先检查台账（数据 → 检查台账），再备份一次；以前的备份没有改动。"""


class BackupStopped(UserError):
    """备份没有做完就停下了。台账没有改动，以前的备份都在。请有空时再备份一次。"""


class AttachmentMissing(UserError):
    """附件“{name}”的文件不在账簿文件夹里了。请从备份恢复，或把原来的文件重新添加一次。"""


class AttachmentDamaged(UserError):
    """附件“{name}”的文件有损坏，读不出来。请从备份恢复，或把原来的文件重新添加一次。"""


class SqliteTooOld(UserError):
    """程序自带的数据库组件太旧（{found}，至少要 {needed}），可能丢失数据，没有打开台账。请重新安装小保。"""
